// PaperDesk: the field (tests/services/canvass/field.h) with a paper service, a packet of each list, and two clerks.
// Thread safety: the stub and As() from any thread; the rest on one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {

class PaperDesk {
 public:
  PaperDesk();

  std::string address() const { return server_->address(); }
  // A packet of list 1 or 2; its id. `pdf` is the last one's.
  int64_t Print(int list);
  // "412-3-07" of a page.
  static std::string CodeOf(int64_t packet, int page);

  int64_t Open(bool second_entry = false);
  // Calls as the clerk, or with `token`; the reason of the error, empty where there is none.
  std::string Scan(int64_t batch, const std::string& code, bool second = false, const std::string& token = "");
  // All sheets of the packet, the first one last.
  std::string ScanAll(int64_t batch, int64_t packet, bool second = false, const std::string& token = "");
  // The row, on the page where it stands.
  std::string Key(int64_t batch, int64_t packet, int sequence, const std::string& keys, bool second = false,
                  const std::string& token = "");
  std::string Close(int64_t batch, const std::string& reason = "");
  std::string Reopen(int64_t batch);
  // Takes the words about a person out of all sheets.
  void Erase(int64_t person);

  // A vendor's file, its first row on line 2. `Told` has the reason of the call's end, the issues as "line reason
  // field", and the summary.
  template <typename Told>
  Told KeyFile(const paper::v1::KeyFileHeader& header, const std::vector<std::vector<std::string>>& rows,
               const std::string& token) {
    const auto context = server_->As(token.empty() ? clerk_token : token);
    const auto stream = stub_->KeyFile(context.get());
    stream->Write(FileOf(header, rows));
    stream->WritesDone();
    Told told;
    for (paper::v1::KeyFileResponse answer; stream->Read(&answer);) {
      if (answer.has_issue()) {
        told.issues.push_back(
            absl::StrCat(answer.issue().line(), " ", answer.issue().reason(), " ", answer.issue().field()));
      }
      if (answer.has_summary()) told.summary = answer.summary();
    }
    told.reason = ReasonOf(stream->Finish());
    return told;
  }

  // The same, by a client that dies once the rows are taken.
  void KeyFileAndVanish(const paper::v1::KeyFileHeader& header, const std::vector<std::vector<std::string>>& rows);

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (paper::v1::PaperService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                          Response*),
                    const Request& request, Response* response, const std::string& token = "") {
    const auto context = server_->As(token.empty() ? clerk_token : token);
    return ((*stub_).*method)(context.get(), request, response);
  }

  Field field;
  std::string clerk_token, other_clerk_token;
  // Answers to the last Scan(), Key() and Close().
  paper::v1::ScanPageResponse scanned;
  paper::v1::KeyRowResponse keyed;
  paper::v1::CloseBatchResponse closed;
  std::string pdf;

 private:
  static paper::v1::KeyFileRequest FileOf(const paper::v1::KeyFileHeader& header,
                                          const std::vector<std::vector<std::string>>& rows);

  std::unique_ptr<TestServer> server_;
  std::unique_ptr<paper::v1::PaperService::Stub> stub_;
};

}  // namespace snowfield::tests
