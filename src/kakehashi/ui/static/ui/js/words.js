// Texts for people, written by the page in the reader's language.
const element = document.getElementById("k-words");
const texts = element ? JSON.parse(element.textContent) : {};

/** The text of that name; {name}-style holes are filled from `values`. */
export function words(name, values = {}) {
  return (texts[name] ?? name).replace(/\{(\w+)\}/g, (hole, key) => values[key] ?? hole);
}
