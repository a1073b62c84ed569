// Sets the theme before the first paint. Kept in localStorage: 'dark', 'light', or nothing for the system's choice.
;(() => {
  let wanted = null
  try {
    wanted = localStorage.getItem('theme')
  } catch {
    // storage may be forbidden: the system's choice it is
  }
  const dark = wanted ? wanted === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.classList.toggle('pf-v6-theme-dark', dark)
})()
