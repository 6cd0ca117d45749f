import { visit } from 'jsonc-parser';

/**
 * The first field that an object of a JSON text names twice, at any depth: readers disagree about which one counts, so
 * what a proxy checked need not be what we read.
 * @param text may be broken or endlessly deep: whoever parses it says so
 * @returns its JSON pointer, or `null`
 */
export function repeatedField(text: string): string | null {
  const seen: Set<string>[] = [];
  let repeated: string | null = null;
  try {
    visit(text, {
      onObjectBegin: () => {
        seen.push(new Set());
      },
      onObjectProperty: (name, _offset, _length, _line, _character, pathOfObject) => {
        const names = seen.at(-1);
        if (names?.has(name)) repeated ??= pointerOf([...pathOfObject(), name]);
        names?.add(name);
      },
      onObjectEnd: () => {
        seen.pop();
      },
    });
  } catch (error) {
    // Deeper than the reader goes.
    if (!(error instanceof RangeError)) throw error;
  }
  return repeated;
}

function pointerOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
