import type { ComponentChildren } from 'preact';

interface FilterFieldProps {
  readonly id: string;
  readonly label: string;
  readonly error: string | undefined;
  readonly children: ComponentChildren;
}

/** A field of the search with its label and what is wrong with it. */
export function FilterField({ id, label, error, children }: FilterFieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {error === undefined ? null : (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
