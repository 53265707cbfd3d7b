'use client'

import dynamic from 'next/dynamic'

const CommandPaletteDialog = dynamic(
  () => import('./command-palette-dialog.tsx').then((module) => module.CommandPaletteDialog),
  { ssr: false },
)

interface CommandPaletteProps {
  cluster: string
  isOpen: boolean
  onClose: () => void
}

/** The palette's code and its lists are fetched when it is first opened. */
export function CommandPalette({ cluster, isOpen, onClose }: CommandPaletteProps) {
  return isOpen ? <CommandPaletteDialog cluster={cluster} onClose={onClose} /> : null
}
