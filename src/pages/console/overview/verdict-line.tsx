import { useEffect, useRef } from 'preact/hooks';
import type { Verdict } from '../data/verdict.js';
import { useAnnounce } from '../parts/announcer.js';
import { Icon } from '../parts/icon.js';

/** The answer that the landing view is for. Said aloud when it changes, not when its figures do. */
export function VerdictLine({ verdict }: { readonly verdict: Verdict }) {
  const { tone, headline, details } = verdict;
  const announce = useAnnounce();
  const said = useRef(headline);
  useEffect(() => {
    if (said.current === headline) return;
    said.current = headline;
    announce(`${headline}.`);
  }, [headline, announce]);
  return (
    <section class={`verdict verdict-${tone}`} aria-label="Verdict">
      <Icon name={tone === 'good' ? 'check' : tone === 'busy' ? 'clock' : 'warning'} />
      <p>
        <strong>{headline}</strong>
        <span>{details.join(' · ')}</span>
      </p>
    </section>
  );
}
