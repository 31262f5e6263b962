#include "ui/bridge/live_port.h"

#include "core/monitor/export.h"
#include "core/monitor/presets.h"

#include <QRegularExpression>
#include <QSaveFile>

namespace fleetglass::bridge {

LivePort::LivePort(monitor::Monitor& monitor, monitor::Workspace& workspace, Options options)
    : StorePort(monitor.store(), monitor.queries())
    , m_monitor(monitor)
    , m_workspace(workspace)
    , m_options(std::move(options))
{
}

void LivePort::targetDetail(
    uint64_t targetId, Answer<std::shared_ptr<const view::TargetDetailView>> answer)
{
    inBackground<std::shared_ptr<const view::TargetDetailView>>(
        [this, targetId] { return m_monitor.targetDetail(targetId); }, std::move(answer));
}

void LivePort::traceSamples(uint64_t targetId, const std::string& filter,
    Answer<std::shared_ptr<const view::SampleTraceView>> answer)
{
    inBackground<std::shared_ptr<const view::SampleTraceView>>(
        [this, targetId, filter] { return m_monitor.traceSamples(targetId, filter); },
        std::move(answer));
}

void LivePort::droppedTargets(
    Answer<std::shared_ptr<const std::vector<view::DroppedTargetView>>> answer)
{
    inBackground<std::shared_ptr<const std::vector<view::DroppedTargetView>>>(
        [this] {
            return std::make_shared<const std::vector<view::DroppedTargetView>>(
                m_monitor.droppedTargets());
        },
        std::move(answer));
}

void LivePort::presets(Answer<std::vector<view::PresetView>> answer)
{
    inBackground<std::vector<view::PresetView>>(
        [] { return monitor::presetViews(); }, std::move(answer));
}

void LivePort::presetJobs(const view::PresetChoice& choice, Answer<view::PresetJobs> answer)
{
    inBackground<view::PresetJobs>(
        [this, choice] { return m_workspace.presetJobs(choice); }, std::move(answer));
}

void LivePort::scrapeNow(std::vector<uint64_t> targetIds)
{
    m_monitor.queries().run([this, ids = std::move(targetIds)]() mutable {
        if (ids.empty()) {
            for (const auto& status : m_monitor.pool().statuses())
                ids.push_back(status->id);
        }
        m_monitor.pool().scrapeNow(ids);
    });
}

void LivePort::pauseTarget(uint64_t targetId, bool paused)
{
    m_monitor.queries().run([this, targetId, paused] { m_monitor.pool().pause(targetId, paused); });
}

void LivePort::acknowledge(uint64_t alertId, bool on)
{
    m_monitor.alerts().acknowledge(alertId, on ? SystemClock().wallMs() : 0);
}

void LivePort::snooze(uint64_t alertId, int64_t untilMs)
{
    m_monitor.alerts().snooze(alertId, untilMs);
}

void LivePort::nameKey(const std::string& publicKey, const std::string& owner)
{
    m_monitor.queries().run([this, publicKey, owner] {
        m_monitor.views().nameKey(publicKey, owner);
        if (m_options.addressBookFile.isEmpty())
            return;
        QSaveFile file(m_options.addressBookFile);
        const std::string text = m_monitor.views().addressBook();
        const bool written = file.open(QIODevice::WriteOnly)
            && file.write(text.data(), static_cast<qint64>(text.size()))
                == static_cast<qint64>(text.size())
            && file.commit();
        if (!written)
            m_monitor.log()({ 0, LogLevel::Warning, "sessions",
                "the address book cannot be written to "
                    + m_options.addressBookFile.toStdString() });
    });
}

void LivePort::resolveSecrets(QString text, std::function<void(QString)> done)
{
    static const QRegularExpression kReference(QStringLiteral("<keyring:([^>\\n]+)>"));
    const auto match = kReference.match(text);
    if (!match.hasMatch())
        return done(text);
    m_keyring.read(match.captured(1), [this, text, match, done](const QString& secret) mutable {
        // One that is not there any more stays a placeholder, in a form that is not asked for
        // again.
        const QString value = secret.isEmpty() ? QStringLiteral("<missing secret>") : secret;
        resolveSecrets(text.replace(match.captured(0), value), done);
    });
}

void LivePort::importText(
    const std::string& text, const std::string& name, bool take, Answer<view::ImportSummary> answer)
{
    resolveSecrets(
        QString::fromStdString(text), [this, name, take, answer](const QString& resolved) {
            inBackground<view::ImportSummary>(
                [this, text = resolved.toStdString(), name, take] {
                    return m_workspace.importText(text, name, take);
                },
                answer);
        });
}

void LivePort::importFile(const std::string& path, bool take, Answer<view::ImportSummary> answer)
{
    // References to the keyring are looked up on this thread, before the file is read as a whole.
    inBackground<std::string>([path] { return monitor::referencesIn(path); },
        [this, path, take, answer](const std::string& references) {
            resolveSecrets(QString::fromStdString(references),
                [this, path, take, answer](const QString& secrets) {
                    inBackground<view::ImportSummary>(
                        [this, path, take, secrets = secrets.toStdString()] {
                            return m_workspace.importFile(path, take, secrets);
                        },
                        answer);
                });
        });
}

void LivePort::importFilled(const view::FilledImport& import, Answer<view::ImportSummary> answer)
{
    const std::string path = import.path;
    inBackground<std::string>(
        [path] { return path.empty() ? std::string() : monitor::referencesIn(path); },
        [this, import, answer](const std::string& references) {
            const auto source = import.path.empty() ? import.text : references;
            resolveSecrets(
                QString::fromStdString(source), [this, import, answer](const QString& resolved) {
                    auto filled = import;
                    const std::string text = resolved.toStdString();
                    if (filled.path.empty())
                        filled.text = text;
                    inBackground<view::ImportSummary>(
                        [this, filled, text] { return m_workspace.importFilled(filled, text); },
                        answer);
                });
        });
}

void LivePort::undoImport(Answer<view::ImportSummary> answer)
{
    inBackground<view::ImportSummary>(
        [this] { return m_workspace.undoImport(); }, std::move(answer));
}

void LivePort::testDefinition(const view::TargetDefinition& definition,
    Answer<std::shared_ptr<const view::TargetDetailView>> answer)
{
    inBackground<std::shared_ptr<const view::TargetDetailView>>(
        [this, definition] { return m_workspace.test(definition); }, std::move(answer));
}

void LivePort::saveDefinition(
    const view::TargetDefinition& definition, Answer<view::ImportSummary> answer)
{
    const auto save
        = [this, definition](const std::string& note, const Answer<view::ImportSummary>& told) {
              inBackground<view::ImportSummary>(
                  [this, definition, note] {
                      auto summary = m_workspace.saveDefinition(definition);
                      if (!note.empty())
                          summary.notes.push_back(note);
                      return summary;
                  },
                  told);
          };
    if (definition.secret.empty())
        return save({}, answer);
    const QString path
        = QStringLiteral("job/%1/%2")
              .arg(QString::fromStdString(definition.job),
                  definition.authKind == "basic" ? QStringLiteral("basic_auth.password")
                                                 : QStringLiteral("authorization.credentials"));
    m_keyring.write(path, QString::fromStdString(definition.secret), [save, answer](bool kept) {
        save(kept ? std::string()
                  : std::string(
                      "no keyring is open: the secret stays in memory until Fleetglass ends"),
            answer);
    });
}

void LivePort::definitions(Answer<std::vector<view::TargetDefinition>> answer)
{
    inBackground<std::vector<view::TargetDefinition>>(
        [this] { return m_workspace.definitions(); }, std::move(answer));
}

void LivePort::keepSecrets(
    std::vector<monitor::PlacedSecret> secrets, bool keptSoFar, std::function<void(bool)> done)
{
    if (secrets.empty())
        return done(keptSoFar);
    const monitor::PlacedSecret secret = std::move(secrets.back());
    secrets.pop_back();
    m_keyring.write(QString::fromStdString(secret.path),
        QString::fromStdString(secret.secret.reveal()),
        [this, secrets = std::move(secrets), keptSoFar, done](
            bool kept) { keepSecrets(secrets, keptSoFar && kept, done); });
}

void LivePort::saveConfig(const std::string& path, Answer<view::ImportSummary> answer)
{
    keepSecrets(m_workspace.placedSecrets(), true, [this, path, answer](bool kept) {
        inBackground<view::ImportSummary>(
            [this, path, kept] {
                auto summary = m_workspace.save(path);
                if (summary.ok && !kept)
                    summary.notes.emplace_back("no keyring is open: the file names its secrets, "
                                               "but they stay in memory until Fleetglass ends");
                return summary;
            },
            answer);
    });
}

void LivePort::applyFix(const view::JobFix& fix, Answer<view::ImportSummary> answer)
{
    inBackground<view::ImportSummary>(
        [this, fix] { return m_workspace.applyFix(fix); }, std::move(answer));
}

void LivePort::exportData(const view::ExportRequest& request, Answer<view::ExportSummary> answer)
{
    inBackground<view::ExportSummary>(
        [this, request] {
            return monitor::exportTo(request,
                { m_monitor.store(), m_monitor.engine(), m_monitor.views().latest(),
                    m_workspace.secrets(), m_workspace.ruleGroups(), m_options.program });
        },
        std::move(answer));
}

} // namespace fleetglass::bridge
