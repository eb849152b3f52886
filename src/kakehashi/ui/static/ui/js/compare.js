// [data-merge]: who chooses the record that stays means its values too; where it has none, the chosen one stands.
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-merge]");
  if (!form || event.target.name !== "survivor") return;
  for (const radio of form.querySelectorAll("input[data-filled]")) if (radio.value === event.target.value) radio.checked = true;
});
