// The visitor's own time zone, so that nobody has to look for it in a list.
const zone = document.querySelector('input[name="time_zone"]')
if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || ''
