// An image pasted or dropped into a composer with data-upload-url is stored at once and stands in the text from there.
document.addEventListener("trix-attachment-add", (event) => {
  const form = event.target.closest("[data-upload-url]");
  const { attachment } = event;
  if (form && attachment.file) upload(form, attachment);
});

function upload(form, attachment) {
  const body = new FormData();
  body.append("file", attachment.file);
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.uploadUrl);
  request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  request.upload.addEventListener("progress", ({ loaded, total }) => attachment.setUploadProgress((100 * loaded) / total));
  request.addEventListener("load", () => {
    if (request.status >= 300) return attachment.remove();
    const { url } = JSON.parse(request.responseText);
    attachment.setAttributes({ url });
  });
  request.addEventListener("error", () => attachment.remove());
  request.send(body);
}
