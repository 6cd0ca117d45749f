import { useShop } from './shop-context.js';

/** For developers: what the simulated gateway will do with the order. */
export function ScenarioPanel({
  chosen,
  onChoose,
}: {
  /** Empty: nothing is staged. */
  readonly chosen: string;
  readonly onChoose: (scenario: string) => void;
}) {
  const { simulator } = useShop();
  if (simulator === null) return null;
  return (
    <details class="staged">
      <summary>For developers: choose what will go wrong</summary>
      <label>
        The simulated gateway
        <select value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
          <option value="">Waits for a person to pay</option>
          {simulator.scenarios.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </details>
  );
}
