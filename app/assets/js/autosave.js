// Saves private words and choices while they are made, and is honest about it.
//   <form data-cg-autosave> … <textarea> or radios … <p class="cg-saved" data-cg-saved role="status">…</p>
// The form is posted as it is, with "Accept: application/json"; the answer is {"saved_at": "14:02"}.
const pause = 1200
const retries = [5, 15, 30, 60]

export function start (form) {
  const line = form.querySelector('[data-cg-saved]')
  const filledIn = () => new URLSearchParams(new FormData(form)).toString()
  let saved = filledIn()
  let timer = null
  let failures = 0
  let sending = false

  const say = (words, isNot = false) => {
    line.textContent = words
    line.classList.toggle('cg-saved--not', isNot)
  }
  const soon = (milliseconds) => {
    clearTimeout(timer)
    timer = setTimeout(save, milliseconds)
  }

  async function save () {
    if (sending || filledIn() === saved) return
    const words = filledIn()
    sending = true
    say('Saving…')
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        body: new URLSearchParams(words),
        headers: { Accept: 'application/json', 'X-Requested-With': 'fetch' },
      })
      if (response.redirected || response.status === 401 || response.status === 403) {
        say('Not saved: you have been signed out. Copy your words, then sign in again.', true)
        return
      }
      if (response.status === 422) {
        say(`Not saved: ${(await response.json()).error}`, true)
        return
      }
      if (!response.ok) throw new Error(String(response.status))
      const { saved_at: time } = await response.json()
      saved = words
      failures = 0
      say(`Saved at ${time}`)
    } catch {
      const reason = navigator.onLine ? 'we could not reach Common Ground' : 'you seem to be offline'
      say(`Not saved: ${reason}. Your words stay here; we will try again.`, true)
      soon(retries[Math.min(failures, retries.length - 1)] * 1000)
      failures += 1
    } finally {
      sending = false
      if (failures === 0 && filledIn() !== saved && filledIn() !== words) soon(pause)
    }
  }

  form.addEventListener('input', () => {
    if (failures === 0) soon(pause)
  })
  form.addEventListener('focusout', () => soon(0))
  addEventListener('online', () => soon(0))
  let leaving = false
  form.addEventListener('submit', () => { leaving = true })
  addEventListener('beforeunload', (event) => {
    if (!leaving && filledIn() !== saved) event.preventDefault()
  })
}
