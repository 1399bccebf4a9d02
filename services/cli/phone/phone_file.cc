#include "services/cli/phone/phone_file.h"

#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::cli {
namespace {
using nlohmann::json;

absl::Status Unreadable(const std::string& path) {
  return base::NotNow("PHONE_FILE_UNREADABLE",
                      absl::StrCat(path, " holds no phone: enrol one with `snowfield phone enrol --code CODE --out ",
                                   path, "`, or name another with --phone"));
}

std::string ToJsonText(const google::protobuf::Message& message) {
  std::string text;
  return google::protobuf::util::MessageToJsonString(message, &text).ok() ? text : "{}";
}

template <typename Message>
bool FromJson(const json& value, Message& message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  return google::protobuf::util::JsonStringToMessage(value.dump(), &message, options).ok();
}

absl::Status WriteWhole(const std::string& path, const std::string& text) {
  const absl::Status failed =
      base::NotNow("PHONE_FILE_NOT_WRITTEN", absl::StrCat("can't write ", path, ": choose another file"));
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failed;
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(file, text.data() + done, text.size() - done);
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  const bool closed = ::close(file) == 0;
  return closed && done == text.size() ? absl::OkStatus() : failed;
}

bool ReadMemory(const json& root, PhoneMemory& memory) {
  memory.address = root.value("address", "");
  memory.token = root.value("token", "");
  memory.phone_id = root.value("phone_id", int64_t{0});
  memory.member_id = root.value("member_id", int64_t{0});
  memory.label = root.value("label", "");
  memory.boot_id = root.value("boot_id", "");
  memory.running_number = root.value("running_number", int64_t{0});
  for (const json& knock : root.value("outbox", json::array())) {
    if (!FromJson(knock, memory.outbox.emplace_back())) return false;
  }
  for (const json& addition : root.value("additions", json::array())) {
    if (!FromJson(addition, memory.additions.emplace_back())) return false;
  }
  for (const json& answer : root.value("rejected", json::array())) {
    if (!FromJson(answer, memory.rejected.emplace_back())) return false;
  }
  for (const json& list : root.value("lists", json::array())) {
    canvass::v1::DownloadWalkListResponse read;
    if (!FromJson(list, read)) return false;
    memory.lists[read.list_number()] = read;
  }
  return !memory.token.empty();
}

}  // namespace

absl::StatusOr<PhoneMemory> ReadPhoneFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Unreadable(path);
  PhoneMemory memory;
  try {
    const json root = json::parse(file);
    if (!ReadMemory(root, memory)) return Unreadable(path);
  } catch (const json::exception&) {
    return Unreadable(path);
  }
  return memory;
}

absl::Status WritePhoneFile(const std::string& path, const PhoneMemory& memory) {
  json root = {{"address", memory.address},
               {"token", memory.token},
               {"phone_id", memory.phone_id},
               {"member_id", memory.member_id},
               {"label", memory.label},
               {"boot_id", memory.boot_id},
               {"running_number", memory.running_number}};
  root["outbox"] = json::array();
  root["additions"] = json::array();
  root["rejected"] = json::array();
  root["lists"] = json::array();
  for (const auto& knock : memory.outbox) root["outbox"].push_back(json::parse(ToJsonText(knock)));
  for (const auto& addition : memory.additions) root["additions"].push_back(json::parse(ToJsonText(addition)));
  for (const auto& answer : memory.rejected) root["rejected"].push_back(json::parse(ToJsonText(answer)));
  for (const auto& [number, list] : memory.lists) root["lists"].push_back(json::parse(ToJsonText(list)));
  const std::string draft = path + ".new";
  SNOWFIELD_RETURN_IF_ERROR(WriteWhole(draft, root.dump(1) + "\n"));
  if (std::rename(draft.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return base::NotNow("PHONE_FILE_NOT_WRITTEN", absl::StrCat("can't write ", path, ": choose another file"));
}

}  // namespace snowfield::cli
