// Words that are kept only with the button of their own form: "Continue" and its like hold, and say so.
//   <form data-cg-unsent="Your comment is not sent. Send it, or go on without it."> … textarea, radios …
// data-cg-typed: what the page came with was typed before, and is not kept.
import { isAsDrawn } from './autosave.js'

const isEmpty = ({ type, value }) => type !== 'textarea' || value.trim() === ''

export function start (form) {
  const fields = [...form.elements].filter(({ type }) => type !== 'hidden' && type !== 'submit')
  const line = document.createElement('div')
  line.setAttribute('role', 'status')
  form.append(line)
  let leaving = false

  const isUnsent = () => !leaving && ('cgTyped' in form.dataset ? !fields.every(isEmpty) : !fields.every(isAsDrawn))

  const goOn = (target, submitter) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'govuk-button govuk-button--secondary'
    button.textContent = 'Go on without it'
    button.addEventListener('click', () => {
      leaving = true
      target.requestSubmit(submitter)
    })
    return button
  }

  function hold (event) {
    const { target, submitter } = event
    if (event.defaultPrevented || !isUnsent()) return
    event.preventDefault()
    const words = document.createElement('p')
    words.className = 'cg-saved cg-saved--not'
    words.textContent = form.dataset.cgUnsent
    line.replaceChildren(words, goOn(target, submitter))
    fields[0].focus()
  }

  for (const other of document.querySelectorAll('main form')) {
    if (other !== form) other.addEventListener('submit', hold)
  }
  form.addEventListener('submit', () => { leaving = true })
  addEventListener('beforeunload', (event) => {
    if (isUnsent()) event.preventDefault()
  })
}
