/** How names are compared: compatibility forms and case do not make another one. */
export const foldName = (name: string) => name.normalize('NFKC').trim().toLowerCase()
