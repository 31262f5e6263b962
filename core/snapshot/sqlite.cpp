#include "core/snapshot/sqlite.h"

#include <cmath>
#include <limits>
#include <sqlite3.h>
#include <utility>

namespace fleetglass::snapshot {

namespace {

Error errorOf(sqlite3* handle)
{
    const ErrorCode code
        = sqlite3_errcode(handle) == SQLITE_CORRUPT || sqlite3_errcode(handle) == SQLITE_NOTADB
        ? ErrorCode::Invalid
        : ErrorCode::Io;
    return { code, sqlite3_errmsg(handle), {} };
}

// The path as a file: URI. "immutable" keeps SQLite from looking at a journal that lies beside it.
std::string uriOf(const std::string& path)
{
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            constexpr std::string_view kDigits = "0123456789ABCDEF";
            uri += '%';
            uri += kDigits[static_cast<unsigned char>(c) >> 4U];
            uri += kDigits[static_cast<unsigned char>(c) & 0xFU];
        } else {
            uri += c;
        }
    }
    return uri + "?immutable=1";
}

} // namespace

Statement::Statement(sqlite3_stmt* statement)
    : m_statement(statement)
{
}

Statement::Statement(Statement&& other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr))
    , m_next(other.m_next)
{
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement& Statement::bind(int64_t value)
{
    sqlite3_bind_int64(m_statement, m_next++, value);
    return *this;
}

Statement& Statement::bind(double value)
{
    sqlite3_bind_double(m_statement, m_next++, value);
    return *this;
}

Statement& Statement::bind(std::string_view text)
{
    sqlite3_bind_text64(m_statement, m_next++, text.empty() ? "" : text.data(), text.size(),
        SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindBytes(std::span<const uint8_t> bytes)
{
    const void* const data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
    sqlite3_bind_blob64(m_statement, m_next++, data, bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

Result<void> Statement::run()
{
    const int code = sqlite3_step(m_statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        return failure(errorOf(sqlite3_db_handle(m_statement)));
    sqlite3_reset(m_statement);
    m_next = 1;
    return {};
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return failure(errorOf(sqlite3_db_handle(m_statement)));
}

int64_t Statement::integer(int column) const
{
    const bool isInteger = sqlite3_column_type(m_statement, column) == SQLITE_INTEGER;
    return isInteger ? sqlite3_column_int64(m_statement, column) : 0;
}

double Statement::real(int column) const
{
    if (sqlite3_column_type(m_statement, column) == SQLITE_NULL)
        return std::numeric_limits<double>::quiet_NaN();
    return sqlite3_column_double(m_statement, column);
}

std::string_view Statement::text(int column) const
{
    const auto bytesOfColumn = bytes(column);
    return { reinterpret_cast<const char*>(bytesOfColumn.data()), bytesOfColumn.size() };
}

std::span<const uint8_t> Statement::bytes(int column) const
{
    const auto* const data = static_cast<const uint8_t*>(sqlite3_column_blob(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    return data == nullptr ? std::span<const uint8_t>()
                           : std::span(data, static_cast<size_t>(size));
}

Database::Database(sqlite3* handle)
    : m_handle(handle)
{
}

Database::Database(Database&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
{
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Error Database::lastError() const
{
    return errorOf(m_handle);
}

Result<Database> Database::createScratch(const std::string& path)
{
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(handle);
    if (code != SQLITE_OK)
        return failure(database.lastError());
    const auto set = database.run("PRAGMA page_size=4096; PRAGMA journal_mode=OFF;"
                                  "PRAGMA synchronous=OFF; PRAGMA secure_delete=ON;"
                                  "PRAGMA locking_mode=EXCLUSIVE; PRAGMA encoding='UTF-8'");
    if (!set)
        return failure(set.error());
    return database;
}

Result<Database> Database::openForeign(const std::string& path, int rowBytesMax)
{
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(uriOf(path).c_str(), &handle,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
    Database database(handle);
    if (code != SQLITE_OK)
        return failure(database.lastError());
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, rowBytesMax);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 10);
    sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    const auto set = database.run("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
                                  "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY");
    if (!set)
        return failure(set.error());
    return database;
}

Result<void> Database::run(const std::string& sql)
{
    if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure(lastError());
    return {};
}

Result<Statement> Database::prepare(const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(m_handle, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return failure(lastError());
    return Statement(statement);
}

Result<int64_t> Database::integer(const std::string& sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return failure(statement.error());
    const auto hasRow = statement->step();
    if (!hasRow)
        return failure(hasRow.error());
    return *hasRow ? statement->integer(0) : 0;
}

Result<std::string> Database::text(const std::string& sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return failure(statement.error());
    const auto hasRow = statement->step();
    if (!hasRow)
        return failure(hasRow.error());
    return *hasRow ? std::string(statement->text(0)) : std::string();
}

Result<void> Database::close()
{
    if (sqlite3_close(m_handle) != SQLITE_OK)
        return failure(lastError());
    m_handle = nullptr;
    return {};
}

} // namespace fleetglass::snapshot
