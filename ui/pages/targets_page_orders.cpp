// What can be ordered on the Targets page: fixes, new and edited jobs, traces.
#include "ui/pages/definition_editor.h"
#include "ui/pages/target_detail_pane.h"
#include "ui/pages/target_preset.h"
#include "ui/pages/target_texts.h"
#include "ui/pages/targets_page.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/raw_text_view.h"

#include <QDialog>
#include <QFileDialog>
#include <QVBoxLayout>

namespace fleetglass::pages {

void TargetsPage::askTrace(const QString& filter)
{
    const std::weak_ptr<int> alive = m_alive;
    m_port.traceSamples(m_selected, filter.toStdString(),
        [this, alive, filter, id = m_selected](std::shared_ptr<const view::SampleTraceView> trace) {
            if (!alive.expired() && id == m_selected && trace)
                m_pane->setTrace(std::move(trace), filter);
        });
}

void TargetsPage::chooseCa(const QString& job)
{
    if (m_caDialog)
        return m_caDialog->raise();
    m_caDialog
        = new QFileDialog(this, tr("Certificate authority for job %1").arg(theme::shown(job)));
    m_caDialog->setAttribute(Qt::WA_DeleteOnClose);
    m_caDialog->setFileMode(QFileDialog::ExistingFile);
    m_caDialog->setNameFilters({ tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)") });
    connect(m_caDialog, &QFileDialog::fileSelected, this, [this, job](const QString& path) {
        applyFix({ job.toStdString(), view::JobFix::Kind::SetCaFile, path.toStdString() });
    });
    m_caDialog->open();
}

void TargetsPage::applyFix(const view::JobFix& fix)
{
    m_pane->setAnswer(tr("Applying, then scraping ..."), true);
    const std::weak_ptr<int> alive = m_alive;
    m_port.applyFix(fix, [this, alive](const view::ImportSummary& summary) {
        if (alive.expired())
            return;
        m_pane->setAnswer(summary.ok ? tr("Done; the next scrape tells whether it helps.")
                                     : theme::shown(summary.error),
            summary.ok);
        if (summary.ok)
            emit noted(tr("job changed, scraping it"));
    });
}

void TargetsPage::addTarget()
{
    showEditor({}, true);
}

void TargetsPage::addKnown(const QString& id)
{
    auto* dialog = new TargetPreset(m_port, id, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TargetPreset::noted, this, &Page::noted);
    connect(dialog, &TargetPreset::otherRequested, this, &TargetsPage::addTarget);
    dialog->open();
}

void TargetsPage::editJob(const QString& job)
{
    const std::weak_ptr<int> alive = m_alive;
    m_port.definitions([this, alive, job](const std::vector<view::TargetDefinition>& jobs) {
        if (alive.expired())
            return;
        for (const view::TargetDefinition& definition : jobs) {
            if (QString::fromStdString(definition.job) == job)
                return showEditor(definition, false);
        }
        emit noted(tr("job %1 is not in the configuration of this window").arg(theme::shown(job)));
    });
}

void TargetsPage::showEditor(const view::TargetDefinition& definition, bool isNew)
{
    if (m_editor)
        m_editor->close();
    m_editor = new DefinitionEditor(m_port, definition, isNew, this);
    m_editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_editor, &DefinitionEditor::noted, this, &Page::noted);
    m_editor->open();
}

void TargetsPage::showDropped()
{
    const std::weak_ptr<int> alive = m_alive;
    m_port.droppedTargets(
        [this, alive](const std::shared_ptr<const std::vector<view::DroppedTargetView>>& targets) {
            if (alive.expired() || !targets)
                return;
            auto* dialog = new QDialog(this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setWindowTitle(tr("Targets that relabelling dropped"));
            auto* layout = new QVBoxLayout(dialog);
            layout->setContentsMargins(0, 0, 0, 0);
            auto* text = new widgets::RawTextView(dialog);
            text->setAccessibleName(dialog->windowTitle());
            text->setLines(droppedLines(*targets));
            layout->addWidget(text);
            dialog->resize(760, 520);
            dialog->open();
        });
}

} // namespace fleetglass::pages
