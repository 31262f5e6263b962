#include "ui/main_window/import_flow_gaps.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace fleetglass::main_window {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::KeyButton;
using widgets::PlainLabel;
using Kind = view::GapView::Kind;

constexpr qint64 kCertificateBytesMax = 256 * 1024;
constexpr size_t kGapsMax = 50;

QString text(const std::string& utf8)
{
    return theme::shown(std::string_view(utf8));
}

// "scrape_configs[0].tls_config.ca" without the part that all have in common.
QString placeOf(const view::GapView& gap)
{
    QString path = text(gap.path);
    path.remove(QStringLiteral("scrape_configs"));
    path.remove(QLatin1String("static_configs[0]."));
    const auto dot = path.indexOf(QLatin1Char('.'));
    return path.startsWith(QLatin1Char('[')) && dot > 0 ? path.mid(dot + 1) : path;
}

QString hintOf(Kind kind)
{
    switch (kind) {
    case Kind::Host:
        return ImportGaps::tr("host, or host:port");
    case Kind::Secret:
        return ImportGaps::tr("goes to the keyring when the configuration is saved");
    case Kind::Certificate:
        return ImportGaps::tr("a PEM file; empty: the system's authorities");
    case Kind::Text:
        return {};
    }
    return {};
}

} // namespace

ImportGaps::ImportGaps(const QString& name, const view::ImportSummary& summary, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Fill in what is left open"));
    auto* lines = new QVBoxLayout(this);
    lines->setContentsMargins(16, 12, 16, 12);
    lines->setSpacing(8);
    lines->addWidget(new PlainLabel(
        tr("%1 leaves these values to its reader").arg(name), Ink::Text, TextRole::Strong, this));
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* page = new QWidget(scroll);
    auto* form = new QFormLayout(page);
    form->setContentsMargins(0, 4, 8, 4);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    for (size_t i = 0; i < std::min(summary.gaps.size(), kGapsMax); ++i)
        addGap(*form, summary.gaps[i]);
    scroll->setWidget(page);
    scroll->setFocusPolicy(Qt::NoFocus);
    if (!m_fields.empty())
        m_fields.front().line->setFocus();
    lines->addWidget(scroll, 1);
    for (const std::string& job : summary.insecureJobs) {
        auto* warning = new PlainLabel(
            tr("Job %1 does not check certificates (insecure_skip_verify).").arg(text(job)),
            Ink::Critical, TextRole::Body, this);
        warning->setGlyph(theme::Glyph::Warning);
        lines->addWidget(warning);
    }
    auto* orders = new QHBoxLayout;
    auto* close = new KeyButton(tr("Cancel"), tr("Esc"), this);
    auto* take = new KeyButton(tr("Watch"), tr("Enter"), this);
    take->setPrimary(true);
    close->setAutoDefault(false);
    take->setDefault(true);
    m_take = take;
    orders->addStretch(1);
    orders->addWidget(close);
    orders->addWidget(take);
    lines->addLayout(orders);
    connect(close, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(take, &QAbstractButton::clicked, this, &QDialog::accept);
    resize(620, std::min(170 + 34 * static_cast<int>(m_fields.size()), 560));
    follow();
}

ImportGaps::~ImportGaps()
{
    for (Field& field : m_fields)
        field.line->clear();
}

void ImportGaps::addGap(QFormLayout& form, const view::GapView& gap)
{
    const size_t place = m_fields.size();
    auto* part = new QWidget(this);
    auto* row = new QHBoxLayout(part);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* line = new QLineEdit(part);
    line->setAccessibleName(placeOf(gap));
    const QString hint = hintOf(gap.kind);
    line->setPlaceholderText(
        hint.isEmpty() ? text(gap.text) : tr("%1: %2").arg(text(gap.text), hint));
    if (gap.kind == Kind::Secret) {
        line->setEchoMode(QLineEdit::Password);
        line->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    }
    row->addWidget(line, 1);
    if (gap.kind == Kind::Certificate) {
        auto* browse = new KeyButton(tr("Browse ..."), {}, part);
        browse->setAutoDefault(false);
        row->addWidget(browse);
        connect(browse, &QAbstractButton::clicked, this, [this, line] {
            auto* dialog = new QFileDialog(this, tr("Certificate"));
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setFileMode(QFileDialog::ExistingFile);
            connect(dialog, &QFileDialog::fileSelected, line, &QLineEdit::setText);
            dialog->open();
        });
    }
    auto* lineNumber
        = new PlainLabel(tr("line %1").arg(gap.line), Ink::Muted, TextRole::Axis, part);
    lineNumber->setMinimumWidth(theme::scaledHeight(48));
    row->addWidget(lineNumber);
    m_fields.push_back({ gap, line, {} });
    form.addRow(placeOf(gap), part);
    connect(line, &QLineEdit::textChanged, this, [this, place](const QString& typed) {
        Field& field = m_fields[place];
        field.pem.clear();
        // A path stands for what is in the file: the document wants the certificate itself.
        if (field.gap.kind == Kind::Certificate && typed.startsWith(QLatin1Char('/'))) {
            QFile file(typed);
            if (QFileInfo(typed).isFile() && file.open(QIODevice::ReadOnly))
                field.pem = file.read(kCertificateBytesMax).toStdString();
        }
        follow();
    });
}

void ImportGaps::follow()
{
    m_take->setEnabled(std::all_of(m_fields.begin(), m_fields.end(), [](const Field& field) {
        return field.gap.kind == Kind::Certificate || !field.line->text().trimmed().isEmpty();
    }));
}

std::vector<view::GapAnswer> ImportGaps::answers() const
{
    std::vector<view::GapAnswer> answers;
    for (const Field& field : m_fields)
        answers.push_back({ field.gap.path,
            field.pem.empty() ? field.line->text().trimmed().toStdString() : field.pem });
    return answers;
}

} // namespace fleetglass::main_window
