// Says in words why a passkey could not be used; allauth's own script only writes to the console.
(function () {
  const reasons = { NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'known', SecurityError: 'address' }

  function tell (reason) {
    for (const place of document.querySelectorAll('[data-passkey-trouble]')) {
      place.textContent = place.dataset[reason] || place.dataset.failed
      place.hidden = false
    }
  }

  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    const name = event.detail.exception ? event.detail.exception.name : ''
    if (!window.isSecureContext) tell('address')
    else if (!window.PublicKeyCredential) tell('unable')
    else tell(reasons[name] || 'failed')
  })
})()
