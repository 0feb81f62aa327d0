import type { ReactNode } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Detail } from '../inventory/Detail';
import base from '../inventory/inventory.module.css';
import { Count, Fact, Nothing, Words } from '../inventory/parts';
import { State } from './parts';
import { useModelsScreen } from './store';

interface FrameProps {
  row: go.ModelRow;
  onClose(): void;
  /** buttons beside the name */
  acts?: ReactNode;
  children: ReactNode;
}

/** Frame is the head of a model's detail, and what stands below. */
export function Frame({ row, onClose, acts, children }: FrameProps) {
  const close = () => {
    useModelsScreen.setState({ open: '' });
    onClose();
  };
  return (
    <Detail
      label={t('models.detail')}
      pane="models-detail"
      about={row.id}
      title={
        <>
          <Visible text={row.name || row.model || row.host} /> <State row={row} />
        </>
      }
      onClose={close}
    >
      {acts}
      {children}
    </Detail>
  );
}

/** Seen is what traffic told of a model. */
export function Seen({ row }: { row: go.ModelRow }) {
  if (row.count === 0) return <Nothing>{t('models.seen.never')}</Nothing>;
  return (
    <dl className={base.facts}>
      <Fact name={t('models.column.provider')}>
        <Visible text={row.provider} />
      </Fact>
      <Fact name={t('models.column.host')}>
        <Visible text={row.host} />
      </Fact>
      <Fact name={t('models.seen.exchanges')}>
        <Count n={row.count} query={row.query} />{' '}
        <span className={base.dim}>
          {t('models.seen.between', {
            first: formatDateTime(row.first_seen),
            last: formatDateTime(row.last_seen),
          })}
        </span>
      </Fact>
      {row.tokens > 0 && <Fact name={t('models.column.tokens')}>{formatNumber(row.tokens)}</Fact>}
      {row.clients.length > 0 && (
        <Fact name={t('models.column.clients')}>
          <Words words={row.clients} />
        </Fact>
      )}
      {row.tools.length > 0 && (
        <Fact name={t('models.column.tools')}>
          <Words words={row.tools} />
        </Fact>
      )}
      {row.keys.length > 0 && (
        <Fact name={t('models.column.keys')}>
          <Words words={row.keys} />
        </Fact>
      )}
    </dl>
  );
}
