// Starts what a page asks for. Every page works without any of this.
import {
  createAll, Button, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, PasswordInput, Radios,
  ServiceNavigation, SkipLink,
} from './govuk-frontend.min.js'

for (const component of [
  Checkboxes, ErrorSummary, FileUpload, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink,
]) {
  createAll(component)
}
createAll(Button, { preventDoubleClick: true })

// Fetched only by the pages that carry the attribute.
const enhancements = {
  'data-cg-poll': './poll.js',
  'data-cg-autosave': './autosave.js',
  'data-cg-unsent': './unsent.js',
  'data-cg-order': './order.js',
  'data-cg-look': './look.js',
  'data-cg-search': './search.js',
}
for (const [attribute, module] of Object.entries(enhancements)) {
  const elements = document.querySelectorAll(`[${attribute}]`)
  if (elements.length) {
    import(module).then(({ start }) => elements.forEach((element) => start(element)))
  }
}

// After an answer the address ends in the feedback's id. Safari does not focus such a target by itself.
const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))
if (target && target.getAttribute('tabindex') === '-1') {
  target.focus()
}
