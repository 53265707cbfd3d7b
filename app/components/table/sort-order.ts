export interface SortOrder {
  id: string
  isDescending: boolean
}

/** As it stands in the URL: `lag`, or `-lag` for the largest first. */
export function parseSortOrder(text: string): SortOrder {
  return text.startsWith('-') ? { id: text.slice(1), isDescending: true } : { id: text, isDescending: false }
}

export function formatSortOrder({ id, isDescending }: SortOrder): string {
  return isDescending ? `-${id}` : id
}

/** Figures are looked at from the largest, names from A. */
export function toggleSortOrder(current: SortOrder, id: string, isFigure: boolean): SortOrder {
  return { id, isDescending: current.id === id ? !current.isDescending : isFigure }
}
