'use client'

import { Modal } from '@mantine/core'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './keys-dialog.module.css'

interface KeysDialogProps {
  isOpen: boolean
  onClose: () => void
}

export function KeysDialog({ isOpen, onClose }: KeysDialogProps) {
  const words = useWords().frame
  const help = words.keyHelp
  const keys: [keys: string[], what: string][] = [
    [['Ctrl K'], help.palette],
    [['g', 'o'], help.overview],
    [['g', 't'], help.topics],
    [['g g'], help.groups],
    [['g', 'b'], help.brokers],
    [['g', 'r'], help.records],
    [['g', 'a'], help.alerts],
    [['g', 'c'], help.changes],
    [['/'], help.filter],
    [['j'], help.moveDown],
    [['k'], help.moveUp],
    [['Enter'], help.open],
    [['?'], help.help],
    [['Esc'], help.close],
  ]
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.keys}>
      <dl className={classes.keys}>
        {keys.map(([combination, what]) => (
          <div key={what} className={classes.row}>
            <dt>
              {combination.map((key) => (
                <kbd key={key} className={classes.key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
