'use client'

import { ActionIcon, Checkbox, Menu } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import type { Column } from './column.ts'

interface ColumnsMenuProps<Row> {
  columns: readonly Column<Row>[]
  hidden: ReadonlySet<string>
  onHidden: (ids: string[]) => void
}

/** Which columns are shown. The first one, the name, always is. */
export function ColumnsMenu<Row>({ columns, hidden, onHidden }: ColumnsMenuProps<Row>) {
  const words = useWords().common
  const toggle = (id: string) =>
    onHidden(columns.map((column) => column.id).filter((each) => (each === id ? !hidden.has(id) : hidden.has(each))))
  return (
    <Menu closeOnItemClick={false} position="bottom-end" transitionProps={{ duration: 120 }}>
      <Menu.Target>
        <ActionIcon aria-label={words.columns} title={words.columns}>
          <IconColumns3 size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.slice(1).map((column) => (
          <Menu.Item
            key={column.id}
            aria-checked={!hidden.has(column.id)}
            role="menuitemcheckbox"
            onClick={() => toggle(column.id)}
            leftSection={<Checkbox.Indicator size="xs" checked={!hidden.has(column.id)} />}
          >
            {column.header}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
