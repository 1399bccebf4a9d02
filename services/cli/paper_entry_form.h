// EntryForm: the form on the terminal in which a clerk keys sheets, by keyboard and hand scanner alone.
//
// A line is a page code (scanned or typed), the keys of the row that the form asks for, a row's number to go to, or a
// command with a slash. Of a row that waits because a scan of it is not sure, what was read is shown, and its part of
// the scan is written to a file that is taken away again. Everything that is keyed is on the server when the next
// prompt appears: a form that dies loses the line that was being typed. Thread safety: one thread.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/cli/client.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::cli {

class EntryForm {
 public:
  struct Options {
    int64_t batch_id = 0;
    bool second = false;  // the second, blind entry
  };
  // The streams must outlive it.
  EntryForm(const Client& client, const Options& options, std::istream& in, std::ostream& out);
  ~EntryForm();
  EntryForm(const EntryForm&) = delete;
  EntryForm& operator=(const EntryForm&) = delete;

  // Until the batch is closed, /quit, or the end of the input. An error only where the batch can't be read at all.
  absl::Status Run();

 private:
  using PaperService = paper::v1::PaperService;
  template <typename Request, typename Response>
  bool Ask(grpc::Status (PaperService::Stub::*call)(grpc::ClientContext*, const Request&, Response*),
           const Request& request, Response* response);

  void OnLine(const std::string& line);
  void OnCommand(const std::string& command, const std::string& rest);
  void Scan(const std::string& code);
  void Key(const std::string& keys);
  void GoTo(int sequence);
  void Undo();
  void Finish();
  void Miss(const std::string& rest);
  void WriteIn(const std::string& rest);
  void JudgeDifferences();
  void SeeNext();
  void Close(const std::string& reason);

  void ShowSheet();
  void ShowBalance();
  void ShowPrompt();
  void ShowReading(const paper::v1::SheetRow& row);
  bool WriteImage(const paper::v1::SheetRow& row);
  bool HasSheet() const;
  void NextOpenRow();

  const Client& client_;
  const Options options_;
  std::istream& in_;
  std::ostream& out_;
  std::unique_ptr<PaperService::Stub> stub_;
  paper::v1::Sheet sheet_;
  paper::v1::Balance balance_;
  int row_ = -1;  // of the sheet; -1: none is asked for
  bool ended_ = false;
  std::string image_path_;  // of the row that waits, for a viewer; empty: none was written
};

}  // namespace snowfield::cli
