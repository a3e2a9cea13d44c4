"""Who reads, and what they borrowed."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from privacy.subjects import RootQuerySet, UsableManager


class Reader(AbstractBaseUser):
    subject = models.OneToOneField("privacy.Subject", on_delete=models.PROTECT)
    name = models.CharField(max_length=100, unique=True)

    objects = BaseUserManager.from_queryset(RootQuerySet)()

    USERNAME_FIELD = "name"


class Loan(models.Model):
    reader = models.ForeignKey(Reader, on_delete=models.PROTECT)
    title = models.CharField(max_length=100)

    objects = UsableManager()

    def __str__(self):
        return self.title
