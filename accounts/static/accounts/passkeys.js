/* What goes wrong with a passkey is said on the page, in words that stand there already. */
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  document.getElementById('passkey-failed').hidden = false
})
