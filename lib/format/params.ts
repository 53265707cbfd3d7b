export type Params = Readonly<Record<string, string | number>>

export function numberParam(params: Params, name: string): number | undefined {
  const value = params[name]
  return value === undefined ? undefined : Number(value)
}

export function textParam(params: Params, name: string): string | undefined {
  const value = params[name]
  return value === undefined ? undefined : String(value)
}
