/**
 * The method of Reader and Writer for what carries its length: `string`, `nullableString`, `compactString` or
 * `compactNullableString`, and so for `bytes` and `arrayLength`.
 */
export function sizedMethodName(name: string, isFlexible: boolean, isNullable: boolean): string {
  const words = [...(isFlexible ? ['compact'] : []), ...(isNullable ? ['nullable'] : []), name]
  return words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
}
