// Keyring: secrets in the desktop's secret service. Without one (or while it is locked) they stay
// in memory until the program ends, and whoever asked is told. Used from one thread at a time (the
// UI thread); answers come from the event loop.
#pragma once

#include <QMap>
#include <QObject>
#include <QString>
#include <functional>

namespace fleetglass::bridge {

class Keyring : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    // `kept`: whether the secret will be there after a restart.
    void write(const QString& path, const QString& secret, std::function<void(bool kept)> done);
    // An empty answer: there is no such secret.
    void read(const QString& path, std::function<void(QString secret)> done);

private:
    QMap<QString, QString> m_memory; // What the service did not take.
};

} // namespace fleetglass::bridge
