/** Strokes on a field of 16 by 16. */
const PATHS = {
  back: 'M6 4 2.500 7.500 6 11M3 7.500h6.500a3.500 3.500 0 0 1 0 7H7',
  bell: 'M4 11V7.500a4 4 0 0 1 8 0V11l1.500 1.500h-11zM6.500 14.500h3',
  check: 'm3 8.500 3.500 3.500L13 4.500',
  clock: 'M8 14.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM8 4.500V8l2.500 2',
  cross: 'm4 4 8 8M12 4l-8 8',
  hourglass: 'M4 1.500h8M4 14.500h8M5 1.500c0 4 6 4.500 6 13M11 1.500c0 4-6 4.500-6 13',
  moon: 'M13.500 10A6 6 0 0 1 6 2.500a6 6 0 1 0 7.500 7.500z',
  outside: 'M6.500 3.500h-4v10h10v-4M9.500 2.500h4v4M13 3 7.500 8.500',
  person: 'M8 7.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.500 14.500a5.500 5.500 0 0 1 11 0',
  plus: 'M8 3v10M3 8h10',
  question: 'M5 5.500a3 3 0 1 1 4.500 2.700C8.500 8.800 8 9.300 8 10.500M8 13.500v.2',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  warning: 'M8 2 1.500 13.500h13zM8 6.500v3.500M8 11.800v.2',
} as const;

export type IconName = keyof typeof PATHS;

/** A mark beside a word; alone it says nothing, so screen readers do not hear it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
