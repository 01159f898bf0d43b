/** All keys and gestures of the timeline. */
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog.tsx'

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const shift = t('timeline.help.shift')
  const rows: readonly (readonly [readonly string[], string])[] = [
    [[t('timeline.help.space'), 'k'], t('timeline.help.play')],
    [['j', 'l'], t('timeline.help.jump')],
    [['←', '→'], t('timeline.help.second')],
    [[`${shift} ←`, `${shift} →`], t('timeline.help.minute')],
    [[',', '.'], t('timeline.help.frame')],
    [['e', `${shift} E`], t('timeline.help.event')],
    [['+', '−'], t('timeline.help.zoom')],
    [['Page ↑', 'Page ↓'], t('timeline.help.pan')],
    [['<', '>'], t('timeline.help.rate')],
    [['n'], t('timeline.help.now')],
    [['i', 'o'], t('timeline.help.marks')],
    [['x'], t('timeline.help.export')],
    [['s'], t('timeline.help.keep')],
    [['Esc'], t('timeline.help.clear')],
    [[t('timeline.help.wheel')], t('timeline.help.wheelZoom')],
    [[`${shift} ${t('timeline.help.drag')}`], t('timeline.help.dragSpan')],
    [[t('timeline.help.ruler')], t('timeline.help.rulerScrub')],
    [['?'], t('timeline.help.help')],
  ]
  return (
    <Dialog title={t('timeline.help.title')} onClose={onClose} closeLabel={t('common.close')}>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2">
        {rows.map(([names, what]) => (
          <div key={what} className="contents">
            <dt className="flex flex-wrap gap-1">
              {names.map((name) => (
                <kbd key={name} className="rounded-sm border border-edge/60 px-1.5 font-sans text-xs leading-5">
                  {name}
                </kbd>
              ))}
            </dt>
            <dd className="text-mid">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
