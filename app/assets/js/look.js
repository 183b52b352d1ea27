// Shows a certificate while its look is typed. The server draws it, by the same rules as for saving.
//   <form data-cg-look="/where/to/ask">…</form>  with #look-preview and #look-contrast on the page
const patience = 400

export function start (form) {
  const region = document.getElementById('look-preview')
  const contrast = document.getElementById('look-contrast')
  let timer
  let latest = 0

  const ask = async (withFiles) => {
    const mine = (latest += 1)
    const data = new FormData(form)
    if (!withFiles) {
      form.querySelectorAll('input[type=file]').forEach((input) => data.delete(input.name))
    }
    try {
      const response = await fetch(form.dataset.cgLook, { method: 'POST', body: data, headers: { 'X-Requested-With': 'fetch' } })
      if (mine === latest && response.status === 200 && !response.redirected) {
        show(await response.text())
      }
    } catch {
      // Offline: the next letter asks again, and saving does not need this.
    }
  }

  const show = (html) => {
    region.innerHTML = html
    const shown = region.firstElementChild
    for (const [name, colour] of Object.entries(JSON.parse(shown.dataset.colours))) {
      shown.firstElementChild.style.setProperty(`--cg-certificate-${name}`, colour)
    }
    for (const [name, value] of Object.entries(JSON.parse(shown.dataset.kept))) {
      form.elements[name].value = value
    }
    if (contrast.textContent !== shown.dataset.contrast) {
      contrast.textContent = shown.dataset.contrast
    }
  }

  form.addEventListener('input', (event) => {
    clearTimeout(timer)
    timer = setTimeout(() => ask(event.target.type === 'file'), patience)
  })
}
