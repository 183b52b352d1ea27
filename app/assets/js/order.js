// Puts "Move up" and "Move down" in place of the number lists of an order question.
//   <ol data-cg-order> <li data-cg-item="the words"> … <select> … </li> … </ol> <p data-cg-order-says role="status">
// The lists stay in the page and keep the places, so the form is posted exactly as without script.
export function start (list) {
  const says = document.getElementById(list.dataset.cgOrder)
  const rows = () => [...list.children]
  const select = (row) => row.querySelector('select')

  // A place chosen earlier decides where a row starts; a page shown for the first time keeps its order.
  const chosen = rows().map((row) => Number(select(row).value))
  if (new Set(chosen).size === chosen.length && chosen.every((place) => place > 0)) {
    rows().sort((one, other) => Number(select(one).value) - Number(select(other).value)).forEach((row) => list.append(row))
  }

  function renumber () {
    const all = rows()
    all.forEach((row, index) => {
      select(row).value = String(index + 1)
      const [up, down] = row.querySelectorAll('.cg-move')
      up.setAttribute('aria-disabled', String(index === 0))
      down.setAttribute('aria-disabled', String(index === all.length - 1))
    })
  }

  function move (row, step, button) {
    const all = rows()
    const from = all.indexOf(row)
    const to = from + step
    if (to < 0 || to >= all.length) {
      says.textContent = `${row.dataset.cgItem} is already ${step < 0 ? 'first' : 'last'}.`
      return
    }
    if (step < 0) all[to].before(row)
    else all[to].after(row)
    renumber()
    // What was said about the places is about the order that was sent, not about this one.
    list.querySelectorAll('.cg-feedback').forEach((note) => note.remove())
    button.focus()
    says.textContent = `${row.dataset.cgItem} is now number ${to + 1} of ${all.length}.`
  }

  function button (row, words, step) {
    const element = document.createElement('button')
    element.type = 'button'
    element.className = 'cg-move'
    element.append(words)
    // Hidden words would stand apart from the visible ones: browsers put spaces around what is taken out of the line.
    element.setAttribute('aria-label', `${words}: ${row.dataset.cgItem}`)
    element.addEventListener('click', () => move(row, step, element))
    return element
  }

  for (const row of rows()) {
    const label = row.querySelector('label')
    const words = document.createElement('span')
    words.className = label.className
    words.append(...label.childNodes)
    label.replaceWith(words)
    const moves = document.createElement('div')
    moves.className = 'cg-moves'
    moves.append(button(row, 'Move up', -1), button(row, 'Move down', 1))
    select(row).after(moves)
  }
  const hint = list.closest('fieldset').querySelector('[data-cg-order-hint]')
  if (hint) hint.textContent = 'Use the buttons to put the lines in order.'
  list.classList.add('cg-rows--live')
  renumber()
}
