// Makes a long list of choices one to search in: <select data-cg-search>. Without this it stays the list that it is.
// The component is GOV.UK's: https://github.com/alphagov/accessible-autocomplete. What is found has every word that was
// typed, in any order, whatever its accents.
import './accessible-autocomplete.min.js'

const most = 60
const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’']/g, '').toLowerCase()
const arrow = ({ className }) =>
  `<svg class="${className}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M4 8l8 8 8-8z"/></svg>`

export function start (select) {
  const { id, required } = select
  const describedBy = select.getAttribute('aria-describedby')
  const isInvalid = select.getAttribute('aria-invalid')
  const options = [...select.options].filter((option) => option.value)
  const entries = options.map((option) => [option.text, folded(option.text)])
  const empty = [...select.options].find((option) => !option.value)
  select.required = false // it is hidden from now on, and a browser cannot ask for what it cannot show
  self.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    autoselect: false,
    confirmOnBlur: false,
    defaultValue: select.value ? select.selectedOptions[0].text : '',
    displayMenu: 'overlay',
    dropdownArrow: arrow,
    required,
    showAllValues: true,
    source: (query, found) => {
      const words = folded(query).split(/\s+/).filter((word) => word && word !== '/')
      const fitting = entries.filter(([, text]) => words.every((word) => text.includes(word)))
      found(fitting.slice(0, query ? most : undefined).map(([text]) => text))
    },
    tNoResults: () => 'Nothing has all these words',
    tStatusQueryTooShort: (length) => `Type ${length} or more letters`,
    tAssistiveHint: () => 'Type some words of it, then choose with the arrow keys and Enter.',
  })
  const input = document.getElementById(id)
  if (isInvalid) input.setAttribute('aria-invalid', isInvalid)
  if (describedBy) {
    // The component writes its own hint over what describes the field here.
    const describe = () => {
      const now = input.getAttribute('aria-describedby') ?? ''
      if (!now.includes(describedBy)) input.setAttribute('aria-describedby', `${describedBy} ${now}`.trim())
    }
    new MutationObserver(describe).observe(input, { attributeFilter: ['aria-describedby'] })
    describe()
  }
  // What stands in the box when the form is sent is what was chosen, and never what was chosen before it.
  select.form?.addEventListener('submit', () => {
    const typed = input.value.trim()
    const same = options.find((option) => option.text === typed)
    if (same) {
      same.selected = true
    } else if (!typed && empty) {
      empty.selected = true
    } else {
      const none = new Option('', required ? '' : 'not-in-the-list', true, true)
      select.append(none)
    }
  }, true)
}
