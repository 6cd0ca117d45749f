import type { StoredCallback } from '../../../api/console/console-contract.js';
import { Moment } from '../parts/moment.js';

/** A stored callback, field by field. */
export function StoredFields({ callback }: { readonly callback: StoredCallback }) {
  const { receivedAt, count, processedAt, outcome, fields, redeliveredBy, redeliveredAt } =
    callback;
  return (
    <>
      <p class="soft">
        Received <Moment at={receivedAt} isClock />
        {count > 1 ? `, the very same bytes ${count} times` : ''};{' '}
        {processedAt === null ? 'not processed yet' : `processed: ${outcome ?? 'done'}`}.
        {redeliveredBy === null || redeliveredAt === null ? null : (
          <>
            {' '}
            Delivered again by {redeliveredBy}, <Moment at={redeliveredAt} />.
          </>
        )}
      </p>
      {fields === null ? (
        <p>The message cannot be read.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards scroll the box
        <section class="scroll" tabIndex={0} aria-label="Fields of the callback">
          <table>
            <tbody>
              {Object.entries(fields).map(([name, value]) => (
                <tr key={name}>
                  <th scope="row" class="number">
                    {name}
                  </th>
                  <td class="number">{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
