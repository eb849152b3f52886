# Preset by the product (spec R1); other modules with an e-mail field are chosen in the settings.
PRESET_MODULES = ("Accounts", "Contacts", "Deals")
