import { useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { Section } from '../inventory/parts';
import classes from './Skipped.module.css';

/** Skipped says what was chosen and is not sent, and why. */
export function Skipped({ groups }: { groups: go.SkippedGroup[] }) {
  if (groups.length === 0) return null;
  const n = groups.reduce((sum, { templates }) => sum + templates.length, 0);
  return (
    <Section title={t('tests.skipped.title')} n={n}>
      <ul className={`${frame.bare} ${classes.skipped}`}>
        {groups.map((group) => (
          <Group key={group.why} group={group} />
        ))}
      </ul>
    </Section>
  );
}

function Group({ group }: { group: go.SkippedGroup }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button type="button" className={frame.link} aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('tests.skipped.templates', { n: group.templates.length })}
      </button>{' '}
      <Visible text={group.why} />
      {open && (
        <ul className={frame.bullets}>
          {group.templates.map((name) => (
            <li key={name}>
              <Visible text={name} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
