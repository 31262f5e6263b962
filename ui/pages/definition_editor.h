// DefinitionEditor: one job as a form: addresses, scrape, sign-in, TLS. Test scrapes it once, Save
// keeps it. Secrets are typed, never shown and never filled in; an empty one keeps what is there.
// Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"

#include <QDialog>
#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;
class QVBoxLayout;

namespace fleetglass::widgets {
class KeyButton;
class PhaseBar;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class DefinitionEditor : public QDialog
{
    Q_OBJECT

public:
    // The port outlives the dialog.
    DefinitionEditor(view::FleetPort& port, const view::TargetDefinition& definition, bool isNew,
        QWidget* parent = nullptr);
    ~DefinitionEditor() override;

    // As it stands in the form.
    view::TargetDefinition definition() const;
    // What has to be mended before it can be tested or saved; empty: nothing.
    QString problem() const;

signals:
    void saved(const QString& job);
    void noted(const QString& text);

private:
    struct Param
    {
        QLineEdit* name;
        QLineEdit* value;
    };

    void build();
    void buildScrape(QFormLayout& form);
    void buildSignIn(QFormLayout& form);
    void buildTls(QFormLayout& form);
    void addParam(const std::string& name);
    QWidget* fileRow(QLineEdit* field, const QString& title);
    void fill(const view::TargetDefinition& definition);
    void showKinds();
    void test();
    void save();
    void saveConfiguration();
    void say(const QString& text, bool ok);
    bool refuse(); // Says the problem, if there is one.

    view::FleetPort& m_port;
    bool m_isNew;
    view::TargetDefinition m_given; // Keeps what the form does not show.
    std::shared_ptr<int> m_alive = std::make_shared<int>(0); // Answers outlive the dialog.

    QLineEdit* m_job;
    QPlainTextEdit* m_addresses;
    QComboBox* m_scheme;
    QLineEdit* m_path;
    QLineEdit* m_prober;
    QVBoxLayout* m_paramLines = nullptr;
    std::vector<Param> m_params;
    QSpinBox* m_interval;
    QSpinBox* m_timeout;
    QCheckBox* m_honorLabels;
    QCheckBox* m_followRedirects;
    QComboBox* m_auth;
    QLineEdit* m_username;
    QLineEdit* m_secret;
    QLineEdit* m_caFile;
    QLineEdit* m_certFile;
    QLineEdit* m_keyFile;
    QLineEdit* m_serverName;
    QCheckBox* m_skipVerify;
    widgets::PhaseBar* m_phases;
    widgets::PlainLabel* m_result;
    widgets::KeyButton* m_test;
    widgets::KeyButton* m_save;
};

} // namespace fleetglass::pages
