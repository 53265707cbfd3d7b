'use client'

import { type ReactNode, useState } from 'react'
import type { SessionUser } from '../../../lib/contract/session.ts'
import { saveReaderChoice } from '../../../lib/web/reader-choices.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { CommandPalette } from './command-palette.tsx'
import classes from './frame.module.css'
import { KeysDialog } from './keys-dialog.tsx'
import { Rail } from './rail.tsx'
import { TopBar } from './top-bar.tsx'
import { useFrameKeys } from './use-frame-keys.ts'

interface FrameProps {
  cluster: string
  user: SessionUser
  isFoldedAtFirst: boolean
  children: ReactNode
}

export function Frame({ cluster, user, isFoldedAtFirst, children }: FrameProps) {
  const words = useWords().frame
  const [isFolded, setIsFolded] = useState(isFoldedAtFirst)
  const [opened, setOpened] = useState<'palette' | 'keys' | undefined>()
  useFrameKeys(cluster, setOpened)
  const close = () => setOpened(undefined)
  const fold = () => {
    saveReaderChoice('rail', isFolded ? 'open' : 'folded')
    setIsFolded(!isFolded)
  }
  return (
    <div className={classes.frame} data-folded={isFolded || undefined}>
      <a className={classes.skip} href="#content">
        {words.skipToContent}
      </a>
      <Rail cluster={cluster} isFolded={isFolded} onFold={fold} />
      <div className={classes.body}>
        <TopBar cluster={cluster} user={user} onSearch={() => setOpened('palette')} onKeys={() => setOpened('keys')} />
        <main id="content" className={classes.content}>
          {children}
        </main>
      </div>
      <CommandPalette cluster={cluster} isOpen={opened === 'palette'} onClose={close} />
      <KeysDialog isOpen={opened === 'keys'} onClose={close} />
    </div>
  )
}
