#include "ui/pages/target_preset.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::KeyButton;
using widgets::PlainLabel;
using Kind = view::PresetFieldView::Kind;

constexpr int kListWidth = 190;

QString text(const std::string& utf8)
{
    return theme::shown(std::string_view(utf8));
}

} // namespace

TargetPreset::TargetPreset(view::FleetPort& port, const QString& id, QWidget* parent)
    : QDialog(parent)
    , m_port(port)
    , m_list(new QListWidget(this))
    , m_title(new PlainLabel({}, Ink::Text, TextRole::ViewTitle, this))
    , m_detail(new PlainLabel({}, Ink::Muted, TextRole::Body, this))
    , m_formPlace(new QWidget(this))
    , m_phases(new widgets::PhaseBar(this))
    , m_result(new PlainLabel({}, Ink::Muted, TextRole::Body, this))
    , m_test(new KeyButton(tr("Test"), {}, this))
    , m_save(new KeyButton(tr("Watch"), {}, this))
{
    setWindowTitle(tr("Add target"));
    build();
    resize(1'000, 470);
    const std::weak_ptr<int> alive = m_alive;
    m_port.presets([this, alive, id](std::vector<view::PresetView> presets) {
        if (!alive.expired())
            takePresets(std::move(presets), id);
    });
}

TargetPreset::~TargetPreset()
{
    for (auto* field : findChildren<QLineEdit*>())
        field->clear();
}

void TargetPreset::build()
{
    auto* across = new QHBoxLayout(this);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    m_list->setFixedWidth(kListWidth);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSpacing(3);
    m_list->setAccessibleName(tr("known systems"));
    across->addWidget(m_list);
    auto* right = new QWidget(this);
    auto* lines = new QVBoxLayout(right);
    lines->setContentsMargins(16, 12, 16, 12);
    lines->setSpacing(8);
    m_detail->setWordWrap(true);
    m_result->setWordWrap(true);
    m_phases->hide();
    auto* place = new QVBoxLayout(m_formPlace);
    place->setContentsMargins(0, 8, 0, 0);
    lines->addWidget(m_title);
    lines->addWidget(m_detail);
    lines->addWidget(m_formPlace);
    lines->addStretch(1);
    lines->addWidget(m_phases);
    lines->addWidget(m_result);
    auto* orders = new QHBoxLayout;
    auto* other = new KeyButton(tr("All settings ..."), {}, right);
    auto* close = new KeyButton(tr("Close"), tr("Esc"), right);
    m_save->setPrimary(true);
    orders->addWidget(other);
    orders->addStretch(1);
    orders->addWidget(close);
    orders->addWidget(m_test);
    orders->addWidget(m_save);
    lines->addLayout(orders);
    across->addWidget(right, 1);
    for (QPushButton* button : findChildren<QPushButton*>())
        button->setAutoDefault(false);
    m_save->setDefault(true);
    connect(m_list, &QListWidget::currentRowChanged, this, &TargetPreset::showPreset);
    connect(close, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(other, &QAbstractButton::clicked, this, [this] {
        emit otherRequested();
        reject();
    });
    connect(m_test, &QAbstractButton::clicked, this, [this] { order(true); });
    connect(m_save, &QAbstractButton::clicked, this, [this] { order(false); });
}

void TargetPreset::takePresets(std::vector<view::PresetView> presets, const QString& id)
{
    m_presets = std::move(presets);
    int chosen = 0;
    for (size_t i = 0; i < m_presets.size(); ++i) {
        m_list->addItem(text(m_presets[i].title));
        if (id == QString::fromStdString(m_presets[i].id))
            chosen = static_cast<int>(i);
    }
    m_list->setCurrentRow(m_presets.empty() ? -1 : chosen);
    if (m_presets.empty())
        say(tr("nothing can be added to a snapshot"), false);
}

void TargetPreset::showPreset(int index)
{
    delete m_form;
    m_form = nullptr;
    m_fields.clear();
    m_phases->hide();
    m_result->setGlyph({});
    m_result->setText(QString());
    if (index < 0 || static_cast<size_t>(index) >= m_presets.size())
        return;
    const view::PresetView& preset = m_presets[static_cast<size_t>(index)];
    m_title->setText(text(preset.title));
    m_detail->setText(text(preset.detail));
    m_form = new QWidget(m_formPlace);
    auto* form = new QFormLayout(m_form);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    for (const view::PresetFieldView& field : preset.fields)
        form->addRow(text(field.label), inputOf(field, m_form));
    m_formPlace->layout()->addWidget(m_form);
    // The form is younger than the buttons below it.
    QWidget* last = m_list;
    for (const Field& field : m_fields) {
        setTabOrder(last, field.input);
        last = field.input;
    }
    setTabOrder(last, m_test);
    if (!m_fields.empty())
        m_fields.front().input->setFocus();
}

QWidget* TargetPreset::inputOf(const view::PresetFieldView& field, QWidget* parent)
{
    if (field.kind == Kind::Flag) {
        auto* box = new QCheckBox(text(field.hint), parent);
        box->setChecked(field.value == "true");
        m_fields.push_back({ field.key, box });
        return box;
    }
    if (field.kind == Kind::Choice) {
        auto* box = new QComboBox(parent);
        for (const auto& [value, name] : field.choices)
            box->addItem(text(name), QString::fromStdString(value));
        box->setAccessibleName(text(field.label));
        m_fields.push_back({ field.key, box });
        return box;
    }
    auto* line = new QLineEdit(QString::fromStdString(field.value), parent);
    line->setPlaceholderText(text(field.hint));
    line->setAccessibleName(text(field.label));
    m_fields.push_back({ field.key, line });
    if (field.kind == Kind::Secret) {
        line->setEchoMode(QLineEdit::Password);
        line->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    }
    if (field.kind != Kind::File)
        return line;
    auto* part = new QWidget(parent);
    auto* row = new QHBoxLayout(part);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* browse = new KeyButton(tr("Browse ..."), {}, part);
    browse->setAutoDefault(false);
    browse->setAccessibleName(tr("browse for %1").arg(text(field.label)));
    row->addWidget(line, 1);
    row->addWidget(browse);
    connect(browse, &QAbstractButton::clicked, this, [this, line] {
        auto* dialog = new QFileDialog(this, line->accessibleName());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, line, &QLineEdit::setText);
        dialog->open();
    });
    return part;
}

std::string TargetPreset::valueOf(const Field& field) const
{
    if (const auto* box = qobject_cast<const QCheckBox*>(field.input))
        return box->isChecked() ? "true" : "";
    if (const auto* box = qobject_cast<const QComboBox*>(field.input))
        return box->currentData().toString().toStdString();
    return qobject_cast<const QLineEdit*>(field.input)->text().trimmed().toStdString();
}

view::PresetChoice TargetPreset::choice() const
{
    view::PresetChoice choice;
    const int row = m_list->currentRow();
    if (row < 0 || static_cast<size_t>(row) >= m_presets.size())
        return choice;
    choice.id = m_presets[static_cast<size_t>(row)].id;
    for (const Field& field : m_fields)
        choice.values.emplace_back(field.key, valueOf(field));
    return choice;
}

void TargetPreset::order(bool test)
{
    wait(test ? tr("Scraping once ...") : tr("Saving ..."));
    const std::weak_ptr<int> alive = m_alive;
    m_port.presetJobs(choice(), [this, alive, test](const view::PresetJobs& jobs) {
        if (alive.expired())
            return;
        if (!jobs.ok)
            return refuse(jobs);
        if (test)
            testNext(jobs.definitions, 0);
        else
            saveNext(jobs.definitions, 0);
    });
}

void TargetPreset::refuse(const view::PresetJobs& jobs)
{
    say(text(jobs.error), false);
    for (const Field& field : m_fields) {
        if (field.key == jobs.field)
            field.input->setFocus();
    }
}

// The first job that fails is shown; else the last one.
void TargetPreset::testNext(std::vector<view::TargetDefinition> jobs, size_t at)
{
    const view::TargetDefinition tested = jobs.at(at);
    const std::weak_ptr<int> alive = m_alive;
    m_port.testDefinition(tested,
        [this, alive, jobs = std::move(jobs), at, tested](
            const std::shared_ptr<const view::TargetDetailView>& detail) {
            if (alive.expired())
                return;
            if (!detail)
                return say(tr("The test gave no answer."), false);
            m_phases->setPhases(detail->phases, detail->totalMs, tested.timeoutMs);
            m_phases->setVisible(!detail->phases.empty());
            if (detail->phases.empty() && !detail->transcript.empty())
                return say(text(detail->transcript.front()), false);
            for (const view::PhaseView& phase : detail->phases) {
                if (phase.state == view::PhaseState::Failed)
                    return say(tr("%1: %2").arg(text(tested.job), text(phase.detail)), false);
            }
            if (at + 1 < jobs.size())
                return testNext(jobs, at + 1);
            say(tr("The scrape succeeded in %1, %2.")
                    .arg(theme::formatDurationMs(detail->totalMs),
                        theme::formatBytes(detail->body.bytes)),
                true);
        });
}

void TargetPreset::saveNext(std::vector<view::TargetDefinition> jobs, size_t at)
{
    const view::TargetDefinition one = jobs.at(at);
    const std::weak_ptr<int> alive = m_alive;
    m_port.saveDefinition(
        one, [this, alive, jobs = std::move(jobs), at](const view::ImportSummary& summary) {
            if (alive.expired())
                return;
            if (!summary.ok)
                return say(text(summary.error), false);
            if (at + 1 < jobs.size())
                return saveNext(jobs, at + 1);
            const QString job = text(jobs.front().job);
            emit saved(job);
            emit noted(tr("watching job %1").arg(job));
            accept();
        });
}

void TargetPreset::wait(const QString& what)
{
    m_test->setEnabled(false);
    m_save->setEnabled(false);
    m_result->setInk(Ink::Muted);
    m_result->setGlyph({});
    m_result->setText(what);
}

void TargetPreset::say(const QString& what, bool ok)
{
    m_test->setEnabled(!m_presets.empty());
    m_save->setEnabled(!m_presets.empty());
    m_result->setInk(ok ? Ink::Ok : Ink::Critical);
    m_result->setGlyph(ok ? theme::Glyph::Ok : theme::Glyph::Critical);
    m_result->setText(what);
}

} // namespace fleetglass::pages
