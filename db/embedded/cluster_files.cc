#include "db/embedded/cluster_files.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"

namespace snowfield::db {
namespace {
namespace fs = std::filesystem;

constexpr size_t kSocketPathMax = 107;
constexpr char kSocketName[] = "/.s.PGSQL.5432";
constexpr char kMissing[] =
    "PostgreSQL's server programs were not found: install them (Debian: apt-get install postgresql-15 "
    "postgresql-15-postgis-3), or name a running server with --database";

absl::Status Unusable(const std::string& path, const std::string& why, const std::string& mend) {
  return base::NotNow("DATA_FOLDER_UNREACHABLE", absl::StrCat(path, ": ", why, ": ", mend));
}

std::string ErrorText(int error) { return std::generic_category().message(error); }

bool MayEnter(const struct stat& folder, const Account& account) {
  if (account.user == folder.st_uid) return (folder.st_mode & S_IXUSR) != 0;
  if (account.group == folder.st_gid) return (folder.st_mode & S_IXGRP) != 0;
  return (folder.st_mode & S_IXOTH) != 0;
}

std::string VersionOf(const std::string& cluster_folder) {
  std::string version;
  std::getline(std::ifstream(cluster_folder + "/PG_VERSION"), version);
  return version;
}

bool HasPrograms(const std::string& folder) {
  return access((folder + "/postgres").c_str(), X_OK) == 0 && access((folder + "/initdb").c_str(), X_OK) == 0;
}

// FNV-1a, 64 bits: stable from run to run, which absl::Hash is not.
uint64_t StableHash(const std::string& text) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
         c == '_' || c == '-';
}
}  // namespace

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& data_folder) {
  const std::string path = data_folder + "/postgres.lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return Unusable(path, ErrorText(errno), "name a data folder that this user may write to");
  std::unique_ptr<FolderLock> lock(new FolderLock(descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  return base::NotNow("DATA_FOLDER_IN_USE",
                      absl::StrCat(data_folder, " is in use by another snowfield server: stop that one first, or give ",
                                   "this one a data folder of its own"));
}

FolderLock::~FolderLock() { close(descriptor_); }

absl::StatusOr<std::string> PrepareDataFolder(const std::string& folder) {
  std::error_code error;
  const fs::path path = fs::weakly_canonical(fs::absolute(folder, error), error);
  const bool is_new = !error && !fs::exists(path, error);
  if (!error) fs::create_directories(path, error);
  // Another account has to get through to the cluster, whatever the umask of the one who starts us.
  if (!error && is_new) fs::permissions(path, fs::perms(0755), error);
  if (error) return Unusable(folder, error.message(), "name a data folder that this user may make and write to");
  return path.string();
}

absl::StatusOr<Account> ChooseAccount(const std::string& cluster_folder) {
  if (geteuid() != 0) return Account{.user = geteuid(), .group = getegid(), .name = "this user"};
  struct stat existing = {};
  const bool has_owner = stat(cluster_folder.c_str(), &existing) == 0 && existing.st_uid != 0;
  if (has_owner) return Account{.user = existing.st_uid, .group = existing.st_gid, .name = "the owner of the data"};
  for (const char* name : {"postgres", "nobody"}) {
    passwd entry = {};
    passwd* found = nullptr;
    char buffer[4096];
    if (getpwnam_r(name, &entry, buffer, sizeof(buffer), &found) == 0 && found != nullptr) {
      return Account{.user = found->pw_uid, .group = found->pw_gid, .name = name};
    }
  }
  return base::NotNow("NO_UNPRIVILEGED_USER",
                      "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as: make "
                      "one (useradd --system postgres), or start snowfield as an ordinary user");
}

absl::Status CheckReachable(const std::string& folder, const Account& account) {
  for (fs::path path = folder;; path = path.parent_path()) {
    struct stat state = {};
    if (stat(path.c_str(), &state) != 0) return Unusable(path.string(), ErrorText(errno), "name another data folder");
    if (!MayEnter(state, account)) {
      return Unusable(path.string(), absl::StrCat(account.name, ", as whom PostgreSQL runs, may not enter this folder"),
                      "name a data folder elsewhere, such as /var/lib/snowfield, with --data");
    }
    if (path == path.root_path()) return absl::OkStatus();
  }
}

absl::StatusOr<std::string> FindBinaries(const std::string& cluster_folder, const std::string& wanted) {
  if (HasPrograms(wanted)) return wanted;
  if (!wanted.empty())
    return base::NotNow("POSTGRES_MISSING", absl::StrCat(wanted, " has no initdb and postgres. ", kMissing));
  const std::string version = VersionOf(cluster_folder);
  if (!version.empty()) {
    const std::string folder = absl::StrCat("/usr/lib/postgresql/", version, "/bin");
    if (HasPrograms(folder)) return folder;
  }
  std::vector<std::pair<int, std::string>> versions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const std::string folder = (entry.path() / "bin").string();
    if (HasPrograms(folder)) versions.emplace_back(std::atoi(entry.path().filename().c_str()), folder);
  }
  if (!versions.empty()) return std::max_element(versions.begin(), versions.end())->second;
  for (const char* folder : {"/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"}) {
    if (HasPrograms(folder)) return std::string(folder);
  }
  return base::NotNow("POSTGRES_MISSING", kMissing);
}

absl::Status MakePrivateFolder(const std::string& folder, const Account& account) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return Unusable(folder, ErrorText(errno), "name a data folder that this user may write to");
  }
  // Not followed if it is a link: in /tmp anybody could have put one there.
  struct stat state = {};
  if (lstat(folder.c_str(), &state) != 0 || !S_ISDIR(state.st_mode) ||
      (state.st_uid != geteuid() && state.st_uid != account.user)) {
    return Unusable(folder, "it belongs to somebody else", "remove it");
  }
  if (lchown(folder.c_str(), account.user, account.group) != 0 || chmod(folder.c_str(), 0700) != 0) {
    return Unusable(folder, ErrorText(errno), "remove it");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> PrepareSocketFolder(const std::string& data_folder, const Account& account) {
  std::string folder = data_folder + "/socket";
  const bool fits = folder.size() + sizeof(kSocketName) - 1 <= kSocketPathMax;
  if (!fits || !std::all_of(folder.begin(), folder.end(), IsPlain)) {
    folder = absl::StrFormat("/tmp/snowfield-%016x", StableHash(data_folder));
  }
  SNOWFIELD_RETURN_IF_ERROR(MakePrivateFolder(folder, account));
  return folder;
}

absl::Status GiveFolder(const std::string& folder, const Account& account) {
  std::error_code error;
  bool given = lchown(folder.c_str(), account.user, account.group) == 0;
  for (fs::recursive_directory_iterator entry(folder, error), end; given && !error && entry != end;
       entry.increment(error)) {
    given = lchown(entry->path().c_str(), account.user, account.group) == 0;
  }
  if (given && !error) return absl::OkStatus();
  return Unusable(folder, "its files can't be given to " + account.name, "check its file system");
}

}  // namespace snowfield::db
