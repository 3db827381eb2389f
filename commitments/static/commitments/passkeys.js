/* Passkeys: what the server asks for goes to the browser, and its answer into the form.
   A form with `data-passkey` ("create" or "get") carries the question as data, or says where it is
   asked. One that is hidden appears only where the browser knows passkeys. */
const bytes = text => Uint8Array.from(
  atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const known = list => (list || []).map(each => ({ ...each, id: bytes(each.id) }))

async function ask(form) {
  const place = form.dataset.optionsAt
  if (!place) return JSON.parse(form.dataset.options).publicKey
  const answer = await fetch(place, { headers: { Accept: 'application/json' } })
  return (await answer.json()).request_options.publicKey
}

async function create(form, options) {
  const alone = form.elements.passwordless?.checked
  const made = await navigator.credentials.create({ publicKey: {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: alone ? 'required' : 'discouraged',
      requireResidentKey: Boolean(alone),
      userVerification: alone ? 'required' : 'preferred',
    },
  } })
  return said(made, { attestationObject: text(made.response.attestationObject) })
}

async function get(form, options) {
  const used = await navigator.credentials.get({ publicKey: {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: known(options.allowCredentials),
  } })
  const { authenticatorData, signature, userHandle } = used.response
  return said(used, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle && text(userHandle),
  })
}

const said = (key, response) => ({
  type: key.type,
  id: key.id,
  rawId: text(key.rawId),
  authenticatorAttachment: key.authenticatorAttachment,
  response: { clientDataJSON: text(key.response.clientDataJSON), ...response },
  clientExtensionResults: key.getClientExtensionResults(),
})

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue
  form.hidden = false
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const wrong = form.querySelector('.err[role=alert]')
    wrong.hidden = true
    try {
      const step = form.dataset.passkey === 'create' ? create : get
      form.elements.credential.value = JSON.stringify(await step(form, await ask(form)))
      form.submit()
    } catch {
      wrong.hidden = false
    }
  })
}
