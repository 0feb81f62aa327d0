import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Faults.module.css';

interface FaultsProps {
  faults: go.TemplateFault[];
  /** leads to where it is */
  onGo?(fault: go.TemplateFault): void;
}

/** Faults list what is wrong in a template, each with its line and column. */
export function Faults({ faults, onGo }: FaultsProps) {
  if (faults.length === 0) return null;
  return (
    <div className={classes.faults} role="alert">
      <ul>
        {faults.map((fault, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: in the order of the file
          <li key={at}>
            <button type="button" disabled={!onGo || fault.line === 0} onClick={() => onGo?.(fault)}>
              {fault.line > 0
                ? t('tests.fault.place', { line: fault.line, column: fault.column })
                : t('tests.fault.file')}
            </button>
            <span>
              {fault.where && (
                <code>
                  <Visible text={fault.where} />
                </code>
              )}{' '}
              <Visible text={fault.what} />
              {fault.nearest && <strong> {t('tests.fault.nearest', { word: fault.nearest })}</strong>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
