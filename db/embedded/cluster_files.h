// The files around an embedded cluster: who it runs as, where its programs and its socket are, and who holds the
// folder. Thread safety: a FolderLock belongs to one thread; the functions are pure but for the file system.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/embedded/child_process.h"

namespace snowfield::db {

// Held from start to end by the one program that uses a data folder; the kernel drops it when the program dies.
class FolderLock {
 public:
  // FAILED_PRECONDITION with reason DATA_FOLDER_IN_USE while another has it.
  static absl::StatusOr<std::unique_ptr<FolderLock>> Take(const std::string& data_folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// `folder` made if need be, as an absolute path without links.
absl::StatusOr<std::string> PrepareDataFolder(const std::string& folder);

// This process's account; for root the owner of `cluster_folder` if that is another, else postgres or nobody.
absl::StatusOr<Account> ChooseAccount(const std::string& cluster_folder);

// OK when `account` may enter `folder` and every folder above it; else DATA_FOLDER_UNREACHABLE naming the one at fault.
absl::Status CheckReachable(const std::string& folder, const Account& account);

// The folder of initdb and postgres: the newest there is, but of the version that made `cluster_folder` where it
// exists.
absl::StatusOr<std::string> FindBinaries(const std::string& cluster_folder, const std::string& wanted);

// A folder for the socket that only `account` can enter: in the data folder, or in /tmp where that path is longer than
// a socket's may be (107 bytes) or has characters that PostgreSQL's settings would split.
absl::StatusOr<std::string> PrepareSocketFolder(const std::string& data_folder, const Account& account);

// Makes `folder` for `account` alone.
absl::Status MakePrivateFolder(const std::string& folder, const Account& account);

// Gives `folder` and all in it to `account`.
absl::Status GiveFolder(const std::string& folder, const Account& account);

}  // namespace snowfield::db
