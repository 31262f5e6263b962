#include "ui/bridge/keyring.h"

#include <qt6keychain/keychain.h>

namespace fleetglass::bridge {

namespace {

QString service()
{
    return QStringLiteral("io.github.fleetglass.Fleetglass");
}

} // namespace

void Keyring::write(const QString& path, const QString& secret, std::function<void(bool)> done)
{
    auto* job = new QKeychain::WritePasswordJob(service(), this);
    job->setAutoDelete(true);
    // Never a plain file in place of the service.
    job->setInsecureFallback(false);
    job->setKey(path);
    job->setTextData(secret);
    connect(
        job, &QKeychain::Job::finished, this, [this, path, secret, done](QKeychain::Job* ended) {
            const bool kept = ended->error() == QKeychain::NoError;
            if (kept)
                m_memory.remove(path);
            else
                m_memory[path] = secret;
            done(kept);
        });
    job->start();
}

void Keyring::read(const QString& path, std::function<void(QString)> done)
{
    if (const auto held = m_memory.constFind(path); held != m_memory.constEnd()) {
        QMetaObject::invokeMethod(
            this, [done, secret = *held] { done(secret); }, Qt::QueuedConnection);
        return;
    }
    auto* job = new QKeychain::ReadPasswordJob(service(), this);
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    job->setKey(path);
    connect(job, &QKeychain::Job::finished, this, [job, done](QKeychain::Job* ended) {
        done(ended->error() == QKeychain::NoError ? job->textData() : QString());
    });
    job->start();
}

} // namespace fleetglass::bridge
