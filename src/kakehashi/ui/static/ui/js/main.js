// Everything a page's scripts do; each module looks after one part and asks the page for nothing but attributes.
import "./ime.js";
import "./menu.js";
import "./dialog.js";
import "./sheet.js";
import "./toast.js";
import "./forms.js";
import "./failures.js";
import "./upload.js";
import "./bulk.js";
import "./tabs.js";
import "./overflow.js";
import "./shortcuts.js";
import "./select.js";
import "./composer.js";
import "./live.js";
