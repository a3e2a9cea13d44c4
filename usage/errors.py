"""What the platform refuses, each as a sentence for the person."""

from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError


class MemberGone(PrivacyError):
    sentence = _("This member is no longer here. Nothing was sent or saved.")


class NotOneself(PrivacyError):
    sentence = _("This is your own page: you cannot follow yourself or write to yourself.")


class AccountLeaving(PrivacyError):
    sentence = _("This account is about to be erased. Nothing was sent or saved; take that back first.")


class TooManyMessages(PrivacyError):
    sentence = _("You wrote many messages in the past hour. What you wrote still stands here; send it a little later.")


class TooMuchFeedback(PrivacyError):
    sentence = _("We received a great deal from you today. What you wrote still stands here; send it tomorrow.")


class AlreadyAnswered(PrivacyError):
    sentence = _("A colleague answered this meanwhile. Nothing was sent; what you wrote still stands here.")


class AnswerNotSent(PrivacyError):
    sentence = _("The mail server did not take the answer. What you wrote still stands here; try again in a few minutes.")


class TooManyComments(PrivacyError):
    sentence = _("You wrote many comments in the past hour. What you wrote still stands here; send it a little later.")


class TooMuchMaterial(PrivacyError):
    sentence = _("You published 50 pieces of material in a day, which is the most. Publish this tomorrow.")


class MaterialRemoved(PrivacyError):
    sentence = _("Who published this material took it back. Nothing was saved.")


class AnsweredCommentGone(PrivacyError):
    sentence = _("The comment that you answer was removed. Your text still stands here: send it as a comment of its own.")


class FolderGone(PrivacyError):
    sentence = _("This folder is not there any more. Choose another, or make a new one.")


class AlreadyInFolder(PrivacyError):
    sentence = _("This material is already in that folder. Choose another folder.")


class TooManyFolders(PrivacyError):
    sentence = _("You have 200 folders, which is the most. Remove one first.")


class FileMissing(PrivacyError):
    sentence = _("We cannot find the file of this material. That is our fault.")


class FileRefused(PrivacyError):
    """What was brought is not kept."""

    sentence = _(
        "We do not take this kind of file. You can bring a PDF, a Word, PowerPoint, Excel or OpenDocument file, a picture or plain text."
    )


class FileEmpty(FileRefused):
    sentence = _("This file is empty. Choose another one.")


class FileTooLarge(FileRefused):
    sentence = _("This file is larger than 20 MB. Make it smaller, or divide it.")


class FileTooLargeInside(FileRefused):
    sentence = _("Unpacked, this file is much larger than material needs to be. We did not open it.")


class FileBroken(FileRefused):
    sentence = _("We cannot read this file: a part of it is broken. Save it again and bring that.")


class FileLocked(FileRefused):
    sentence = _("This file is locked with a password. Save it without one, so that others can open it.")


class FileRuns(FileRefused):
    sentence = _("This file holds a program: macros, scripts or an embedded object. Save it without them.")


class FileHoldsFiles(FileRefused):
    sentence = _("This PDF holds other files. Save it without them.")


class OldOfficeFile(FileRefused):
    sentence = _("This is a file of an old version of Office. Save it as docx, xlsx or pptx, or as PDF.")


class PictureTooLarge(FileRefused):
    sentence = _("This picture has more than 50 million dots. Make it smaller.")


class PictureMoves(FileRefused):
    sentence = _("We do not take moving pictures. Save one picture of it.")


class TextUnknown(FileRefused):
    sentence = _("We cannot read this as text. Save it as plain text in UTF-8.")
