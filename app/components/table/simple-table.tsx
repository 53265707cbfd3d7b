import type { Column } from './column.ts'
import classes from './data-table.module.css'
import simple from './simple-table.module.css'

interface SimpleTableProps<Row> {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  keyOf: (row: Row) => string
}

/** A short list in its given order, drawn like the long ones. */
export function SimpleTable<Row>({ label, rows, columns, keyOf }: SimpleTableProps<Row>) {
  return (
    <table
      className={classes.table}
      aria-label={label}
      style={{ '--columns': columns.map((column) => column.width).join(' ') }}
    >
      <thead className={classes.head}>
        <tr className={classes.tracks}>
          {columns.map((column) => (
            <th key={column.id} scope="col" data-align={column.align} title={column.hint}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className={classes.body}>
        {rows.map((row) => (
          <tr key={keyOf(row)} className={`${classes.tracks} ${classes.row} ${simple.row}`}>
            {columns.map((column) => (
              <td key={column.id} data-align={column.align} data-narrow={column.narrow} data-label={column.header}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
