// ShellsInspector: one session: when, from where, by whose key; what ran while it was open; where
// sessions came from; alerts on its host; and what the metric cannot say. Used from one thread at a
// time (the UI thread).
#pragma once

#include "core/view/fleet_view.h"
#include "ui/models/command_model.h"
#include "ui/theme/time_text.h"

#include <QVector>
#include <QWidget>
#include <optional>

namespace fleetglass::widgets {
class Chip;
class InspectorSection;
class KeyButton;
class KeyValueList;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

// Sessions by address and key, most first.
struct Origin
{
    QString address;
    QString key;
    int sessions = 0;
    bool odd = false; // Unknown key or new address.
};
QVector<Origin> originsOf(const std::vector<view::SessionView>& sessions);

class OriginList : public QWidget
{
    Q_OBJECT

public:
    explicit OriginList(QWidget* parent = nullptr);
    void setOrigins(QVector<Origin> origins);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVector<Origin> m_origins;
};

class ShellsInspector : public QWidget
{
    Q_OBJECT

public:
    explicit ShellsInspector(QWidget* parent = nullptr);

    struct Content
    {
        std::optional<view::SessionView> session;
        const view::FleetView* fleet = nullptr;
        const std::vector<models::CommandCount>* commands = nullptr; // Null: not known.
        theme::Zone zone;
    };
    void show(const Content& content);

signals:
    void addressBookRequested();
    void alertRequested(quint64 id);
    void targetRequested(const QString& instance);

private:
    void showFacts(const Content& content);
    void showCommands(const Content& content);
    void showAlert(const Content& content);

    widgets::InspectorSection* m_head;
    widgets::PlainLabel* m_name;
    widgets::Chip* m_state;
    widgets::InspectorSection* m_facts;
    widgets::KeyValueList* m_factList;
    widgets::KeyButton* m_book;
    widgets::KeyButton* m_target;
    widgets::InspectorSection* m_while;
    widgets::KeyValueList* m_whileList;
    widgets::InspectorSection* m_origin;
    OriginList* m_originList;
    widgets::InspectorSection* m_alerts;
    widgets::KeyValueList* m_alertList;
    widgets::KeyButton* m_openAlert;
    widgets::InspectorSection* m_note;
    widgets::PlainLabel* m_nothing;
    uint64_t m_alertId = 0;
    QString m_instance;
};

} // namespace fleetglass::pages
