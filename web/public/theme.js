// Runs before the first paint, so that no theme flashes. src/ui/theme.ts writes the choice that this reads.
{
  let choice = null
  try {
    choice = localStorage.getItem('vedette.theme')
  } catch {
    // Storage is blocked: the system's theme it is.
  }
  const system = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
  document.documentElement.dataset.theme = choice === 'dark' || choice === 'light' ? choice : system
}
