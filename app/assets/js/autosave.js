// Saves private words and choices while they are made, and is honest about it.
//   <form data-cg-autosave> … <textarea> or radios … <p class="cg-saved" data-cg-saved role="status">…</p>
// The form is posted as it is, with "Accept: application/json"; the answer is {"saved_at": "at 14:02", "seen": "…"}.
// What "seen" holds goes along with the next words. Where something newer is saved than the page held, the answer is 409
// with {"seen": …, "clash": a part of a page that shows both}: saving by itself ends until somebody chooses.
// data-cg-autosave="unsaved": what the page came with was typed before, and is not saved.
// Another form of the page, such as "Continue", leads away: it is held until the words are saved.
const pause = 1200
const retries = [5, 15, 30, 60]

export const isAsDrawn = ({ type, checked, defaultChecked, value, defaultValue = value }) =>
  type === 'radio' || type === 'checkbox' ? checked === defaultChecked : value === defaultValue

export function start (form) {
  const line = form.querySelector('[data-cg-saved]')
  const seen = form.elements.seen
  const filledIn = () => {
    const fields = new FormData(form)
    fields.delete('seen')
    return new URLSearchParams(fields).toString()
  }
  // People write before a script arrives on a slow line, and browsers fill in what they remember: that is not saved yet.
  const cameUnsaved = form.dataset.cgAutosave === 'unsaved'
  let saved = !cameUnsaved && [...form.elements].every(isAsDrawn) ? filledIn() : null
  let timer = null
  let failures = 0
  let underWay = null
  let waitsForChoice = form.querySelector('.cg-clash') !== null

  const say = (words, isNot = false) => {
    line.textContent = words
    line.classList.toggle('cg-saved--not', isNot)
  }
  const soon = (milliseconds) => {
    clearTimeout(timer)
    timer = setTimeout(save, milliseconds)
  }
  const showBoth = (answer) => {
    waitsForChoice = true
    seen.value = answer.seen
    form.querySelectorAll('button').forEach((button) => button.remove())
    line.insertAdjacentHTML('beforebegin', answer.clash)
    form.querySelector('.cg-clash a').addEventListener('click', () => { leaving = true })
    say('Not saved: look at both, and choose what to keep.', true)
  }

  const save = () => {
    if (waitsForChoice || filledIn() === saved) return underWay
    underWay ??= send().finally(() => { underWay = null })
    return underWay
  }

  async function send () {
    const words = filledIn()
    say('Saving…')
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        body: new URLSearchParams(`${words}&${new URLSearchParams({ seen: seen.value })}`),
        headers: { Accept: 'application/json', 'X-Requested-With': 'fetch' },
      })
      // Whoever is signed out, or is somebody else by now, is asked no more: the button leads on.
      waitsForChoice = response.redirected || response.status === 403
      if (response.redirected) {
        say('Not saved: you have been signed out. Your words stay here: save them with the button, and sign in.', true)
        return
      }
      if (response.status === 409) {
        const answer = await response.json()
        showBoth(answer)
        return
      }
      if (response.status === 403 || response.status === 422) {
        say(`Not saved: ${(await response.json()).error}.`, true)
        return
      }
      if (!response.ok) throw new Error(String(response.status))
      const { saved_at: when, seen: now } = await response.json()
      saved = words
      seen.value = now
      failures = 0
      say(`Saved ${when}.`)
    } catch {
      const reason = navigator.onLine ? 'we could not reach Common Ground' : 'you seem to be offline'
      say(`Not saved: ${reason}. Your words stay here; we will try again.`, true)
      soon(retries[Math.min(failures, retries.length - 1)] * 1000)
      failures += 1
    } finally {
      if (failures === 0 && filledIn() !== saved && filledIn() !== words) soon(pause)
    }
  }

  async function hold (event) {
    const { target, submitter } = event
    if (event.defaultPrevented || filledIn() === saved) return
    event.preventDefault()
    await underWay
    await save()
    if (filledIn() === saved) {
      target.requestSubmit(submitter)
      return
    }
    const place = form.querySelector('.cg-clash') ?? form.querySelector('textarea, input:not([type="hidden"])')
    place.focus()
  }

  for (const other of document.querySelectorAll('main form')) {
    if (other !== form) other.addEventListener('submit', hold)
  }
  if (saved === null && !cameUnsaved) soon(pause)
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
