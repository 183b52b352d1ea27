// Waits for something that is being prepared (a certificate, an export).
//   <div data-cg-poll="/where/to/ask" aria-live="polite">…</div>
// The server answers 202 while it is not ready, and 200 with a piece of HTML when it is ready or has failed.
// With data-cg-reload, the whole page is asked for again then, because more of it is different.
// With data-cg-live, what comes with a 202 is shown too: it says how far it is.
const waits = [1, 2, 3, 5, 8, 13, 20, 30]
const longest = 10 * 60

export function start (region) {
  let asked = 0
  let waited = 0
  let said = ''

  const show = (html) => {
    const hadFocus = region.contains(document.activeElement)
    region.innerHTML = html
    if (hadFocus) {
      region.tabIndex = -1
      region.focus()
    }
  }

  const note = (html) => {
    // A button that somebody is about to press stays where it is.
    if (html === said || region.contains(document.activeElement)) return
    said = html
    region.innerHTML = html
    asked = Math.min(asked, 3)
    waited = 0
  }

  const later = () => {
    const seconds = waits[Math.min(asked, waits.length - 1)]
    asked += 1
    waited += seconds
    if (waited <= longest) {
      setTimeout(ask, seconds * 1000)
    } else {
      say(region, 'This is taking longer than usual. You can leave this page: nothing is lost. Reload it to look again.')
    }
  }

  const ask = async () => {
    if (document.hidden) {
      document.addEventListener('visibilitychange', ask, { once: true })
      return
    }
    try {
      const response = await fetch(region.dataset.cgPoll, { headers: { Accept: 'text/html', 'X-Requested-With': 'fetch' } })
      if (response.status === 200 && !response.redirected) {
        if ('cgReload' in region.dataset) {
          location.reload()
          return
        }
        show(await response.text())
        return
      }
      if (response.status === 202 && 'cgLive' in region.dataset) note(await response.text())
      if (response.redirected || (response.status >= 400 && response.status < 500 && response.status !== 429)) {
        say(region, 'We could not look again. Reload this page.')
        return
      }
    } catch {
      // Offline: the next turn asks again.
    }
    later()
  }

  later()
}

function say (region, words) {
  const paragraph = document.createElement('p')
  paragraph.className = 'govuk-body'
  paragraph.textContent = words
  region.append(paragraph)
}
