import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { short } from './columns';
import classes from './findings.module.css';

/** Covered lists the items of the OWASP list, and which of them were tested. */
export function Covered({ coverage }: { coverage: readonly go.Coverage[] }) {
  return (
    <ul className={classes.coverage} aria-label={t('findings.coverage.label')}>
      {coverage.map(({ id, title, judged, cases }) => (
        <li key={id} data-tested={judged > 0 || undefined}>
          {judged > 0 ? <IconCheck size={14} aria-hidden /> : <IconMinus size={14} aria-hidden />}
          <span>
            {short(id)} {title}
          </span>
          <span className={classes.faint}>
            {judged > 0
              ? t('findings.coverage.tested', { n: judged })
              : cases > 0
                ? t('findings.coverage.undecided', { n: cases })
                : t('findings.coverage.not')}
          </span>
        </li>
      ))}
    </ul>
  );
}
