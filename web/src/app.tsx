/** What every page stands in: cached answers, tooltips, news, and the routes. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from './api/queries.ts'
import { FreshPasswordDialog } from './auth/fresh-password-dialog.tsx'
import { router } from './routes.tsx'
import { Toasts } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

export function App() {
  const { t } = useTranslation()
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider delayDuration={400}>
          <RouterProvider router={router} />
          <FreshPasswordDialog />
          <Toasts dismissLabel={t('common.close')} />
        </TooltipProvider>
      </QueryClientProvider>
    </StrictMode>
  )
}
