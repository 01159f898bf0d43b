/** Where menus and tooltips are put: the page, or the dialog that they were opened from (a modal dialog covers the page). */
import { createContext, useContext } from 'react'

export const PortalContext = createContext<HTMLElement | null>(null)

/** For radix-ui's `container`; undefined is the page. */
export const usePortal = (): HTMLElement | undefined => useContext(PortalContext) ?? undefined
