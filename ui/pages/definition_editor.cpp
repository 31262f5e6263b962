#include "ui/pages/definition_editor.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/tokens.h"
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
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::KeyButton;
using widgets::PlainLabel;

constexpr int kSecondsMax = 86'400;
constexpr size_t kParamsMax = 20;
constexpr int kAddressesMax = 10'000;

// In the order of the box.
const char* const kAuthKinds[] = { "", "basic", "bearer" };

QHBoxLayout* row(QWidget* parent)
{
    auto* layout = new QHBoxLayout(parent);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    return layout;
}

QLineEdit* passwordField(QWidget* parent, const QString& name)
{
    auto* field = new QLineEdit(parent);
    field->setEchoMode(QLineEdit::Password);
    field->setAccessibleName(name);
    field->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    return field;
}

QSpinBox* secondsBox(QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(1, kSecondsMax);
    box->setSuffix(DefinitionEditor::tr(" s"));
    return box;
}

void addSection(QFormLayout& form, const QString& title, QWidget* parent)
{
    auto* label = new PlainLabel(title, Ink::Text, TextRole::Strong, parent);
    label->setContentsMargins(0, 8, 0, 0);
    form.addRow(label);
}

} // namespace

DefinitionEditor::DefinitionEditor(
    view::FleetPort& port, const view::TargetDefinition& definition, bool isNew, QWidget* parent)
    : QDialog(parent)
    , m_port(port)
    , m_isNew(isNew)
    , m_given(definition)
    , m_job(new QLineEdit(this))
    , m_addresses(new QPlainTextEdit(this))
    , m_scheme(new QComboBox(this))
    , m_path(new QLineEdit(this))
    , m_prober(new QLineEdit(this))
    , m_interval(secondsBox(this))
    , m_timeout(secondsBox(this))
    , m_honorLabels(new QCheckBox(tr("keep labels the target sets itself"), this))
    , m_followRedirects(new QCheckBox(tr("follow redirects"), this))
    , m_auth(new QComboBox(this))
    , m_username(new QLineEdit(this))
    , m_secret(passwordField(this, tr("password or token")))
    , m_caFile(new QLineEdit(this))
    , m_certFile(new QLineEdit(this))
    , m_keyFile(new QLineEdit(this))
    , m_serverName(new QLineEdit(this))
    , m_skipVerify(new QCheckBox(tr("do not check the certificate"), this))
    , m_phases(new widgets::PhaseBar(this))
    , m_result(new PlainLabel({}, Ink::Muted, TextRole::Body, this))
    , m_test(new KeyButton(tr("Test"), {}, this))
    , m_save(new KeyButton(tr("Save"), {}, this))
{
    m_given.secret.clear();
    for (auto& [name, value] : m_given.params)
        value.clear();
    setWindowTitle(isNew ? tr("Add target") : tr("Edit job %1").arg(theme::shown(definition.job)));
    build();
    fill(m_given);
    showKinds();
    resize(720, 700);
}

DefinitionEditor::~DefinitionEditor()
{
    m_secret->clear();
}

void DefinitionEditor::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* page = new QWidget(scroll);
    auto* form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 8, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(6);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    buildScrape(*form);
    buildSignIn(*form);
    buildTls(*form);
    scroll->setWidget(page);
    layout->addWidget(scroll, 1);
    m_phases->hide();
    m_result->setWordWrap(true);
    layout->addWidget(m_phases);
    layout->addWidget(m_result);
    auto* orders = new QWidget(this);
    auto* line = row(orders);
    auto* saveAs = new KeyButton(tr("Save configuration as ..."), {}, orders);
    auto* close = new KeyButton(tr("Close"), tr("Esc"), orders);
    m_save->setPrimary(true);
    line->addWidget(saveAs);
    line->addStretch(1);
    line->addWidget(close);
    line->addWidget(m_test);
    line->addWidget(m_save);
    layout->addWidget(orders);
    for (QPushButton* button : findChildren<QPushButton*>())
        button->setAutoDefault(false); // Enter in a field must not save.
    connect(saveAs, &QAbstractButton::clicked, this, &DefinitionEditor::saveConfiguration);
    connect(close, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_test, &QAbstractButton::clicked, this, &DefinitionEditor::test);
    connect(m_save, &QAbstractButton::clicked, this, &DefinitionEditor::save);
    connect(m_auth, &QComboBox::currentIndexChanged, this, &DefinitionEditor::showKinds);
    connect(m_scheme, &QComboBox::currentIndexChanged, this, &DefinitionEditor::showKinds);
}

void DefinitionEditor::buildScrape(QFormLayout& form)
{
    m_addresses->setFixedHeight(theme::scaledHeight(72));
    m_addresses->setFont(theme::font(TextRole::Raw));
    m_addresses->setPlaceholderText(QStringLiteral("db-01:9100"));
    m_addresses->setTabChangesFocus(true);
    m_addresses->setAccessibleName(tr("addresses"));
    m_scheme->addItems({ QStringLiteral("http"), QStringLiteral("https") });
    m_job->setPlaceholderText(tr("node"));
    form.addRow(tr("Job"), m_job);
    form.addRow(tr("Addresses, one per line"), m_addresses);
    auto* where = new QWidget(this);
    auto* line = row(where);
    line->addWidget(m_scheme);
    line->addWidget(m_path, 1);
    form.addRow(tr("Scheme and path"), where);
    m_prober->setPlaceholderText(tr("none; localhost:9115 for a blackbox exporter"));
    form.addRow(tr("Asked through"), m_prober);
    auto* params = new QWidget(this);
    m_paramLines = new QVBoxLayout(params);
    m_paramLines->setContentsMargins(0, 0, 0, 0);
    m_paramLines->setSpacing(4);
    auto* add = new KeyButton(tr("Add parameter"), {}, params);
    add->setInRow(true);
    m_paramLines->addWidget(add);
    connect(add, &QAbstractButton::clicked, this, [this] { addParam({}); });
    form.addRow(tr("URL parameters"), params);
    auto* times = new QWidget(this);
    auto* second = row(times);
    second->addWidget(m_interval);
    second->addWidget(new PlainLabel(tr("timeout"), Ink::Muted, TextRole::Body, times));
    second->addWidget(m_timeout);
    second->addStretch(1);
    form.addRow(tr("Interval"), times);
    form.addRow(QString(), m_honorLabels);
    form.addRow(QString(), m_followRedirects);
}

void DefinitionEditor::buildSignIn(QFormLayout& form)
{
    addSection(form, tr("Sign-in"), this);
    m_auth->addItems({ tr("none"), tr("user and password"), tr("bearer token") });
    m_secret->setPlaceholderText(
        m_isNew ? tr("goes to the keyring") : tr("unchanged; goes to the keyring"));
    form.addRow(tr("Kind"), m_auth);
    form.addRow(tr("User"), m_username);
    form.addRow(tr("Password or token"), m_secret);
}

void DefinitionEditor::buildTls(QFormLayout& form)
{
    addSection(form, tr("TLS"), this);
    m_serverName->setPlaceholderText(tr("as in the address"));
    m_caFile->setPlaceholderText(tr("the system's"));
    form.addRow(tr("CA file"), fileRow(m_caFile, tr("CA file")));
    form.addRow(tr("Client certificate"), fileRow(m_certFile, tr("Client certificate")));
    form.addRow(tr("Client key"), fileRow(m_keyFile, tr("Client key")));
    form.addRow(tr("Server name"), m_serverName);
    form.addRow(QString(), m_skipVerify);
}

QWidget* DefinitionEditor::fileRow(QLineEdit* field, const QString& title)
{
    auto* part = new QWidget(this);
    auto* line = row(part);
    auto* browse = new KeyButton(tr("Browse ..."), {}, part);
    browse->setAccessibleName(tr("browse for %1").arg(title));
    line->addWidget(field, 1);
    line->addWidget(browse);
    connect(browse, &QAbstractButton::clicked, this, [this, field, title] {
        auto* dialog = new QFileDialog(this, title);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, field, &QLineEdit::setText);
        dialog->open();
    });
    return part;
}

// Values of parameters may be keys, so they are typed like passwords.
void DefinitionEditor::addParam(const std::string& name)
{
    if (m_params.size() >= kParamsMax)
        return;
    auto* part = new QWidget(this);
    auto* line = row(part);
    auto* nameField = new QLineEdit(QString::fromStdString(name), part);
    nameField->setAccessibleName(tr("name of the parameter"));
    nameField->setPlaceholderText(tr("name"));
    auto* value = passwordField(part, tr("value of the parameter"));
    value->setPlaceholderText(name.empty() ? tr("value") : tr("unchanged"));
    line->addWidget(nameField, 1);
    line->addWidget(value, 2);
    m_paramLines->insertWidget(static_cast<int>(m_params.size()), part);
    m_params.push_back({ nameField, value });
}

void DefinitionEditor::fill(const view::TargetDefinition& definition)
{
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    QStringList addresses;
    for (const std::string& address : definition.addresses)
        addresses += text(address);
    m_job->setText(text(definition.job));
    m_job->setReadOnly(!m_isNew); // Another name would be another job.
    m_addresses->setPlainText(addresses.join(QLatin1Char('\n')));
    m_scheme->setCurrentText(text(definition.scheme));
    m_path->setText(text(definition.metricsPath));
    m_prober->setText(text(definition.prober));
    for (const auto& [name, value] : definition.params)
        addParam(name);
    m_interval->setValue(static_cast<int>(definition.intervalMs / 1000));
    m_timeout->setValue(static_cast<int>(definition.timeoutMs / 1000));
    m_honorLabels->setChecked(definition.honorLabels);
    m_followRedirects->setChecked(definition.followRedirects);
    for (int i = 0; i < 3; ++i) {
        if (definition.authKind == kAuthKinds[i])
            m_auth->setCurrentIndex(i);
    }
    m_username->setText(text(definition.username));
    m_caFile->setText(text(definition.caFile));
    m_certFile->setText(text(definition.certFile));
    m_keyFile->setText(text(definition.keyFile));
    m_serverName->setText(text(definition.serverName));
    m_skipVerify->setChecked(definition.insecureSkipVerify);
}

void DefinitionEditor::showKinds()
{
    const int kind = m_auth->currentIndex();
    m_username->setEnabled(kind == 1);
    m_secret->setEnabled(kind != 0);
    const bool tls = m_scheme->currentIndex() == 1;
    for (QWidget* field :
        std::initializer_list<QWidget*> { m_caFile, m_certFile, m_keyFile, m_serverName })
        field->parentWidget() != this&& field != m_serverName
            ? field->parentWidget()->setEnabled(tls)
            : field->setEnabled(tls);
    m_skipVerify->setEnabled(tls);
}

view::TargetDefinition DefinitionEditor::definition() const
{
    const auto text = [](const QLineEdit* field) { return field->text().trimmed().toStdString(); };
    view::TargetDefinition made = m_given;
    made.job = text(m_job);
    made.addresses.clear();
    for (const QString& line :
        m_addresses->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        if (!line.trimmed().isEmpty())
            made.addresses.push_back(line.trimmed().toStdString());
    }
    made.scheme = m_scheme->currentText().toStdString();
    made.metricsPath = text(m_path).empty() ? "/metrics" : text(m_path);
    made.prober = text(m_prober);
    made.params.clear();
    for (const Param& param : m_params) {
        if (!param.name->text().trimmed().isEmpty())
            made.params.emplace_back(text(param.name), param.value->text().toStdString());
    }
    made.intervalMs = int64_t { m_interval->value() } * 1000;
    made.timeoutMs = int64_t { m_timeout->value() } * 1000;
    made.honorLabels = m_honorLabels->isChecked();
    made.followRedirects = m_followRedirects->isChecked();
    made.authKind = kAuthKinds[std::clamp(m_auth->currentIndex(), 0, 2)];
    made.username = made.authKind == "basic" ? text(m_username) : std::string();
    made.secret = made.authKind.empty() ? std::string() : m_secret->text().toStdString();
    made.caFile = text(m_caFile);
    made.certFile = text(m_certFile);
    made.keyFile = text(m_keyFile);
    made.serverName = text(m_serverName);
    made.insecureSkipVerify = m_skipVerify->isChecked();
    return made;
}

QString DefinitionEditor::problem() const
{
    const view::TargetDefinition made = definition();
    if (made.job.empty())
        return tr("give the job a name");
    if (made.addresses.empty())
        return tr("give at least one address, such as db-01:9100");
    if (made.addresses.size() > kAddressesMax)
        return tr("%1 addresses are more than the %2 one job may list here")
            .arg(made.addresses.size())
            .arg(kAddressesMax);
    if (made.timeoutMs > made.intervalMs)
        return tr("the timeout of %1 s is longer than the interval of %2 s")
            .arg(made.timeoutMs / 1000)
            .arg(made.intervalMs / 1000);
    if (made.authKind == "basic" && made.username.empty())
        return tr("give the user that goes with the password");
    if (m_isNew && made.authKind == "bearer" && made.secret.empty())
        return tr("give the bearer token");
    if (made.certFile.empty() != made.keyFile.empty())
        return tr("a client certificate and its key belong together: give both or none");
    return {};
}

bool DefinitionEditor::refuse()
{
    const QString text = problem();
    if (!text.isEmpty())
        say(text, false);
    return !text.isEmpty();
}

void DefinitionEditor::say(const QString& text, bool ok)
{
    m_result->setInk(ok ? Ink::Ok : Ink::Critical);
    m_result->setGlyph(ok ? theme::Glyph::Ok : theme::Glyph::Critical);
    m_result->setText(text);
}

void DefinitionEditor::test()
{
    if (refuse())
        return;
    m_test->setEnabled(false);
    m_result->setInk(Ink::Muted);
    m_result->setGlyph({});
    m_result->setText(tr("Scraping once ..."));
    const std::weak_ptr<int> alive = m_alive;
    const view::TargetDefinition made = definition();
    m_port.testDefinition(made,
        [this, alive, timeoutMs = made.timeoutMs](
            const std::shared_ptr<const view::TargetDetailView>& detail) {
            if (alive.expired())
                return;
            m_test->setEnabled(true);
            if (!detail)
                return say(tr("The test gave no answer."), false);
            m_phases->setPhases(detail->phases, detail->totalMs, timeoutMs);
            m_phases->setVisible(true);
            for (const view::PhaseView& phase : detail->phases) {
                if (phase.state == view::PhaseState::Failed)
                    return say(theme::shown(phase.detail), false);
            }
            say(tr("The scrape succeeded in %1, %2.")
                    .arg(theme::formatDurationMs(detail->totalMs),
                        theme::formatBytes(detail->body.bytes)),
                true);
        });
}

void DefinitionEditor::save()
{
    if (refuse())
        return;
    m_save->setEnabled(false);
    const std::weak_ptr<int> alive = m_alive;
    m_port.saveDefinition(definition(), [this, alive](const view::ImportSummary& summary) {
        if (alive.expired())
            return;
        m_save->setEnabled(true);
        if (!summary.ok)
            return say(theme::shown(summary.error), false);
        m_secret->clear();
        const QString job = m_job->text().trimmed();
        emit saved(job);
        emit noted(tr("job %1 saved").arg(theme::shown(job)));
        accept();
    });
}

void DefinitionEditor::saveConfiguration()
{
    auto* dialog = new QFileDialog(this, tr("Save configuration as"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("yml"));
    dialog->setNameFilters({ tr("Configuration (*.yml *.yaml)"), tr("All files (*)") });
    const std::weak_ptr<int> alive = m_alive;
    connect(dialog, &QFileDialog::fileSelected, this, [this, alive](const QString& path) {
        m_port.saveConfig(
            path.toStdString(), [this, alive, path](const view::ImportSummary& summary) {
                if (alive.expired())
                    return;
                say(summary.ok ? tr("Saved to %1, without secrets.").arg(theme::shown(path))
                               : theme::shown(summary.error),
                    summary.ok);
            });
    });
    dialog->open();
}

} // namespace fleetglass::pages
