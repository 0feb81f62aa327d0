import type { go } from '../../api';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import frame from '../inventory/Detail.module.css';
import { DetailHead } from './DetailHead';
import { Faults } from './Faults';
import { useSource } from './queries';
import { TemplateText } from './TemplateText';

/** BrokenDetail is a file of the folder that is left out of runs because something is wrong in it. */
export function BrokenDetail({ broken, onClose }: { broken: go.BrokenFile; onClose(): void }) {
  const { data, error, refetch } = useSource(broken.file);
  return (
    <article className={frame.detail} data-pane="tests-template" aria-label={broken.file}>
      <DetailHead title={broken.file} sub={t('tests.own.broken')} onClose={onClose} />
      {error ? (
        <>
          <Faults faults={broken.problems} />
          <ErrorState error={error} onRetry={() => void refetch()} />
        </>
      ) : data ? (
        <TemplateText file={data.file} text={data.text} own={broken.own} />
      ) : (
        <Loading rows={6} />
      )}
    </article>
  );
}
